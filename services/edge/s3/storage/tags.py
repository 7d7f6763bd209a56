"""Tags of buckets and objects, read from SQLite by the name of what has them."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping

from localstack.utils.tagging import TaggingService

from services.edge.s3.storage.objects import Stored, Tags


class StoredTags(MutableMapping[str, Tags]):
    """Written at the end of the changing call that sets them; outside of one at once."""

    def __init__(self, stored: Stored) -> None:
        self._stored = stored

    def __getitem__(self, name: str) -> Tags:
        call = self._stored.call
        if call is not None and name in call.tags:
            tags = call.tags[name]
        else:
            tags = self._stored.metadata.tags(name)
        if tags is None:
            raise KeyError(name)
        return tags

    def __setitem__(self, name: str, tags: Tags) -> None:
        self._set(name, tags)

    def __delitem__(self, name: str) -> None:
        self._set(name, None)

    def __iter__(self) -> Iterator[str]:
        return iter(self._stored.metadata.tagged())

    def __len__(self) -> int:
        return len(self._stored.metadata.tagged())

    def _set(self, name: str, tags: Tags | None) -> None:
        if self._stored.call is not None:
            self._stored.call.tags[name] = tags
        else:
            self._stored.metadata.save_tags(name, tags)


class Tagging(TaggingService):  # type: ignore[misc]
    """LocalStack's, which changes what it has found in place, without setting it again."""

    def __init__(self, stored: Stored) -> None:
        super().__init__()
        self.tags = StoredTags(stored)

    def tag_resource(self, arn: str, tags: list[dict[str, str]]) -> None:
        if tags:
            added = {tag[self.key_field]: tag[self.value_field] for tag in tags}
            self.tags[arn] = {**self.tags.get(arn, {}), **added}

    def untag_resource(self, arn: str, tag_names: list[str]) -> None:
        kept = self.tags.get(arn, {}).items()
        self.tags[arn] = {name: value for name, value in kept if name not in tag_names}
