"""Legal forms of companies, from `cleanco`."""

from __future__ import annotations

from cleanco.termdata import terms_by_country, terms_by_type

from scripts.reference.keys import place_key

# Forms that close the name of a company as a word or a country's code more often: Acme UK.
NOT_ALONE = {"at", "et", "nl", "ok", "private", "uk"}
# What cleanco 2.3 lacks.
MISSING = (
    "AG & Co. KG", "AG & Co. KGaA", "EOOD", "GmbH & Co. KGaA", "GmbH Co. KG", "KDA", "L.C.",
    "Ltd. Şti.", "Private Limited", "Pty", "Pvt", "SE", "Sp. zoo", "UG",
    "UG (haftungsbeschränkt)",
)  # fmt: skip


def seeds() -> dict[str, list[dict[str, str]]]:
    """Rows of each seed, by its path below `dbt_project/seeds`."""
    return {
        "reference/legal_forms": [
            {"legal_form": form, "last_word": form.split()[-1]} for form in sorted(forms())
        ]
    }


def forms() -> set[str]:
    """Legal forms as `place_key` writes them."""
    named = [*terms_by_type.values(), *terms_by_country.values(), MISSING]
    # Where cleanco has a term in a wrong encoding, there are control characters in it.
    written = {place_key(term) for terms in named for term in terms if term.isprintable()}
    return written - NOT_ALONE
