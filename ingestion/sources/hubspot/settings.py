"""What is read of each HubSpot object: HubSpot sends only the properties it is asked for.

A property an account does not have is passed over, so the custom ones named here do no harm.
More are added by configuration: `properties` of the source.
"""

from __future__ import annotations

PROPERTIES: dict[str, tuple[str, ...]] = {
    "contacts": (
        "email",
        "hs_additional_emails",
        "firstname",
        "lastname",
        "date_of_birth",
        "gender",
        "phone",
        "mobilephone",
        "address",
        "city",
        "state",
        "zip",
        "country",
        "company",
        "jobtitle",
        "hs_timezone",
        "website",
        "lifecyclestage",
        "hs_lead_status",
        "hs_email_optout",
        "hs_legal_basis",
        "hs_merged_object_ids",
        # Custom properties that say who the contact is in other systems.
        "user_id",
        "stripe_customer_id",
    ),
    "companies": (
        "name",
        "domain",
        "hs_additional_domains",
        "website",
        "phone",
        "address",
        "address2",
        "city",
        "state",
        "zip",
        "country",
        "industry",
        "numberofemployees",
        "annualrevenue",
        "lifecyclestage",
        "hs_merged_object_ids",
    ),
    "deals": (
        "dealname",
        "pipeline",
        "dealstage",
        "amount",
        "deal_currency_code",
        "closedate",
        "hs_is_closed",
        "hs_is_closed_won",
        "hs_merged_object_ids",
    ),
}

# The property by which a search finds what has changed.
LAST_MODIFIED: dict[str, str] = {
    "contacts": "lastmodifieddate",
    "companies": "hs_lastmodifieddate",
    "deals": "hs_lastmodifieddate",
}
