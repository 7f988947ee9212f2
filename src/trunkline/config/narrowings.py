"""What a provider takes of a request: its row, the row's rules about models, and the file over both."""

from types import MappingProxyType

from trunkline.config.provider_section import ProviderSection
from trunkline.config.rows import ApiRow, ModelRow, ProviderRow, rows
from trunkline.narrowing import Change, Narrowing, Takes, changed


def build_takes(section: ProviderSection, row: ProviderRow) -> Takes:
    """The file's word comes last: what it allows is taken, whatever a rule says."""
    own = changed(Narrowing(), _of_row(row))
    shared = rows().providers[row.models_of].models if row.models_of else ()
    rules = [_of_rule(rule) for rule in (*shared, *row.models) if _in_force(rule, section.api_version)]
    said = _of_file(section)
    return Takes(own, (*rules, said)) if rules else Takes(changed(own, said))


def build_api_takes(section: ProviderSection, row: ProviderRow, api: ApiRow) -> Takes:
    """By a further API: what its models take is the same, what the row says of the usual API is not."""
    own = changed(Narrowing(), _of_api(row, api))
    shared = rows().providers[row.models_of].models if row.models_of else ()
    rules = [_of_rule(rule) for rule in (*shared, *row.models) if rule.match and _in_force(rule, None)]
    return Takes(own, (*rules, _of_file(section)))


def _in_force(rule: ModelRow, api_version: str | None) -> bool:
    return rule.before is None or (api_version is not None and api_version < rule.before)


def _of_row(row: ProviderRow) -> Change:
    return Change(
        rename=row.rename,
        drop=frozenset(row.drop),
        refuse=frozenset(row.refuse),
        only=frozenset(row.only),
        message_keys=MappingProxyType({role: frozenset(names) for role, names in row.message_keys.items()}),
        nearest={**row.values, **row.clamp},
        request=row.request,
    )


def _of_api(row: ProviderRow, api: ApiRow) -> Change:
    return Change(
        rename=api.rename,
        drop=frozenset(api.drop),
        refuse=frozenset(api.refuse),
        nearest={**row.values, **row.clamp, **api.clamp},
    )


def _of_rule(rule: ModelRow) -> Change:
    return Change(
        match=rule.match,
        reasoning=rule.reasoning,
        effort=rule.effort,
        allow=frozenset(rule.allow),
        rename=rule.rename,
        drop=frozenset(rule.drop),
        refuse=frozenset(rule.refuse),
        nearest={**rule.values, **rule.clamp},
        request=rule.request,
    )


def _of_file(section: ProviderSection) -> Change:
    return Change(
        allow=frozenset(section.allow),
        rename=section.rename,
        drop=frozenset(section.drop),
        refuse=frozenset(section.refuse),
        only=frozenset(section.only),
        nearest=section.clamp,
        request=section.request,
    )
