"""Knows directories of social services (HSDS, "Human Services Data Specification", Open Referral UK) by their names.

They list who helps whom, advice centres and counselling: nothing in them looks for volunteers. Each of their tables is
a file of its own, and some have a column that could be a title.
"""

from collections.abc import Iterable

from fediverse_ehrenamt.kit.sentences import sentence

NO_LIST = sentence(
    "ist ein Verzeichnis sozialer Dienste (Open Referral, HSDS). Darin steht, wer wem hilft; wer Freiwillige sucht, "
    "steht in keiner seiner Tabellen"
)
_SOME = 2  # of these names; one alone may stand in any list
_NAMES = frozenset(
    {
        *("service_id", "service_at_location_id", "phone_id", "taxonomy_id", "taxonomy_term_id"),
        *("parent_organization_id", "alternate_name", "interpretation_services", "application_process", "extent_type"),
        *(
            "fees_description",
            "wait_time",
            "eligibility_description",
            "assured_date",
            "assurer_email",
            "accreditations",
        ),
        *("tax_status", "tax_id", "year_incorporated", "legal_status", "location_type", "external_identifier"),
        *("service_at_locations", "cost_options", "required_documents", "organization_identifiers", "link_entity"),
        *("service_areas", "last_action_date", "last_action_type", "replacement_value", "transportation", "term_uri"),
    }
)
_FILES = frozenset({"organizations.csv", "services.csv", "service_at_location.csv"})
_LISTS = ("contents", "items")


def is_table(headings: Iterable[str]) -> bool:
    """Say whether columns are those of a table of HSDS."""
    return len(_NAMES.intersection(headings)) >= _SOME


def is_answer(root: object) -> bool:
    """Say whether a JSON text is one of an interface after HSDS, one entry or a page of a list, or all its tables."""
    listed = next((root[name] for name in _LISTS if name in root), root) if isinstance(root, dict) else root
    first = listed[0] if isinstance(listed, list) and listed else listed
    if not isinstance(first, dict):
        return False
    service = first.get("service")  # of one place where it is
    return is_table(first) or not _FILES.isdisjoint(first) or (isinstance(service, dict) and is_table(service))
