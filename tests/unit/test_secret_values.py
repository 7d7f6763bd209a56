"""What may be put into Secrets Manager as signing keys and as the repository's token."""

from __future__ import annotations

import pytest

from aws_bootstrap.secret_values import SecretError, checked_keys, checked_token, keys_of, new_key


def test_keys_stand_with_commas_between_them_and_nothing_else() -> None:
    assert checked_keys(" new , old ,\n") == "new,old"
    assert keys_of("new,old") == ["new", "old"]
    assert keys_of(None) == keys_of(" ,") == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "found none"),
        (" ,\n", "found none"),
        ('{"key": "sesame"}', "found JSON"),
        ('["sesame"]', "found JSON"),
        ("sesame\nother", "control character"),
        ("local-signing-key,sesame", "everyone knows"),
    ],
)
def test_what_is_no_list_of_keys_is_refused_without_being_shown(text: str, told: str) -> None:
    with pytest.raises(SecretError, match=told) as raised:
        checked_keys(text, in_public=True)
    assert "sesame" not in str(raised.value)
    assert checked_keys("local-signing-key") == "local-signing-key"


@pytest.mark.parametrize("text", ["", "\n", "two words", "two\nlines"])
def test_a_token_is_one_word(text: str) -> None:
    assert checked_token(" ghp_x \n") == "ghp_x"
    with pytest.raises(SecretError, match="Expected a token: one word"):
        checked_token(text)


def test_a_made_up_key_is_long_and_another_each_time() -> None:
    made = {new_key() for _ in range(100)}
    assert len(made) == 100
    assert all(len(key) >= 43 and checked_keys(key, in_public=True) == key for key in made)
