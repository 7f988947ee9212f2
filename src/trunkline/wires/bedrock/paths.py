"""Where a model is asked."""

from urllib.parse import quote

from trunkline.types import Target


def path(target: Target, operation: str) -> str:
    """By the account's name for the model, such as the ARN of a profile, where the provider has one. It may hold colons
    and slashes, and may come from the client: it does not reach beyond its segment."""
    model = target.provider.deployments.get(target.model, target.model)
    return f"/model/{quote(model, safe='')}/{operation}"
