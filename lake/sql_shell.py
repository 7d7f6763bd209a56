"""The shell of `lake sql`: statements that end with a semicolon in, their answers out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import typer

from lake.completion import TABLES
from lake.settings import Settings
from lake.sql_answers import Answer, Ask, QueryError
from services.private_files import keep_private

if TYPE_CHECKING:
    from prompt_toolkit import PromptSession

ENDS = ("exit", "quit", ".exit", ".quit")
WORDS = (
    *("SELECT", "FROM", "WHERE", "GROUP BY", "ORDER BY", "LIMIT", "JOIN", "USING", "HAVING"),
    *("count(*)", "sum(", "avg(", "min(", "max(", "DISTINCT", "DESCRIBE", "WITH", "AS", "AND"),
)
Show = Callable[[Answer], None]


def run(settings: Settings, ask: Ask, show: Show) -> None:
    """Until the input ends. Piped in, the first statement with a fault ends it, with exit 1."""
    if not sys.stdin.isatty():
        for statement in statements(sys.stdin.read()):
            try:
                show(ask(statement))
            except QueryError as error:
                typer.echo(f"{statement}\n{error}", err=True)
                raise typer.Exit(1) from error
        return
    typer.echo("Statements end with ;  Ctrl-C drops one, Ctrl-D or exit ends the shell.")
    converse(session(settings), ask, show)


def converse(prompts: PromptSession[str], ask: Ask, show: Show) -> None:
    """A faulty statement is told, and the next one is read."""
    while True:
        try:
            text = prompts.prompt()
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        if text.strip().rstrip(";").lower() in ENDS:
            return
        try:
            for statement in statements(text):
                show(ask(statement))
        except QueryError as error:
            typer.echo(str(error), err=True)
        except KeyboardInterrupt:
            typer.echo("Stopped", err=True)


def session(settings: Settings, **streams: Any) -> PromptSession[str]:
    """Prompts with the history of LAKE_DIR; Enter ends a statement that ends with a semicolon."""
    from prompt_toolkit import PromptSession
    from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
    from prompt_toolkit.completion import WordCompleter
    from prompt_toolkit.history import FileHistory

    keep_private(settings.lake_dir)
    return PromptSession(
        "lake> ",
        multiline=True,
        prompt_continuation="  ... ",
        key_bindings=_bindings(),
        history=FileHistory(str(settings.lake_dir / "sql-history")),
        auto_suggest=AutoSuggestFromHistory(),
        completer=WordCompleter([*WORDS, *TABLES, *columns(settings)], ignore_case=True),
        **streams,
    )


def columns(settings: Settings) -> list[str]:
    """The names of the columns of the tables that are there."""
    from lake.tables import schemas

    return sorted({name for schema in schemas(settings).values() for name in schema})


def statements(text: str) -> Iterator[str]:
    """Its statements, in order; a semicolon within quotes or a comment ends none."""
    from sqlglot import TokenType
    from sqlglot.tokens import Tokenizer

    start = 0
    for token in Tokenizer().tokenize(text):
        if token.token_type == TokenType.SEMICOLON:
            if statement := text[start : token.start].strip():
                yield statement
            start = token.end + 1
    if statement := text[start:].strip():
        yield statement


def _bindings() -> Any:
    from prompt_toolkit.key_binding import KeyBindings

    bindings = KeyBindings()

    @bindings.add("enter")
    def _enter(event: Any) -> None:
        text = event.current_buffer.text.strip()
        if not text or text.endswith(";") or text.lower() in ENDS:
            event.current_buffer.validate_and_handle()
        else:
            event.current_buffer.insert_text("\n")

    return bindings
