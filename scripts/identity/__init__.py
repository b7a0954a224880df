"""`cdi identity`: who is who, why, how good it is, and what people decide about it."""

from __future__ import annotations

import typer

from scripts.identity.decide import link_command, unmerge_command
from scripts.identity.diff import diff_command
from scripts.identity.evaluate import evaluate_command
from scripts.identity.explain import explain_command
from scripts.identity.review import review_command
from scripts.identity.train import train_command

app = typer.Typer(
    help="Who is who: review, explain, unmerge, link, train, evaluate, diff.",
    no_args_is_help=True,
)


@app.callback()
def identity_group() -> None:
    """Who is who, why, how good it is, and what people decide about it."""


app.command("review")(review_command)
app.command("explain")(explain_command)
app.command("unmerge")(unmerge_command)
app.command("link")(link_command)
app.command("train")(train_command)
app.command("evaluate")(evaluate_command)
app.command("diff")(diff_command)
