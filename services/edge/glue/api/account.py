"""What the operations of every subject have: the account's records and engine, and its catalog."""

from __future__ import annotations

from localstack.aws.api import RequestContext

from services.edge.glue.catalog.store import Catalogs, CatalogStore
from services.edge.glue.engine.accounts import Account, Accounts


class Operations:
    def __init__(self, accounts: Accounts, catalogs: Catalogs) -> None:
        self._accounts, self._catalogs = accounts, catalogs

    def _account(self, context: RequestContext) -> Account:
        return self._accounts.of(f"{context.account_id}/{context.region}")

    def _catalog(self, context: RequestContext) -> CatalogStore:
        return self._catalogs.of(context.account_id, context.region)
