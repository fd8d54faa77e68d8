"""The Frictionless plugin: makes our checks and errors known to Frictionless by their types."""

from frictionless import Check, Error, Field, Plugin, system

from opendata.tabular.checks.amounts import StatedAmountCheck
from opendata.tabular.checks.balance import BalanceCheck
from opendata.tabular.checks.bounds import AtMostCheck, TermOrderCheck
from opendata.tabular.checks.cells import DecimalsCheck, ExpectedCheck, MarkedCheck, UsccCheck
from opendata.tabular.checks.codes import CategoriesCheck, ProjectCodeCheck, RegionCodeCheck
from opendata.tabular.checks.continuity import ContinuityCheck
from opendata.tabular.checks.counting import CountElsewhereCheck, StatedElsewhereCheck
from opendata.tabular.checks.crossings import NearElsewhereCheck
from opendata.tabular.checks.dependent import EmptyWhenCheck, NotAfterCheck, RequiredWhenCheck
from opendata.tabular.checks.elsewhere import SubordinateCheck
from opendata.tabular.checks.errors import ERRORS
from opendata.tabular.checks.grid import GridCheck
from opendata.tabular.checks.identity import IdentityCheck
from opendata.tabular.checks.keys import KeyUniqueAcrossCheck
from opendata.tabular.checks.overrides import NumberField, RowConstraint
from opendata.tabular.checks.registration import AgencyCheck, PeriodCheck
from opendata.tabular.checks.rollup import DepthCheck, RollupCheck
from opendata.tabular.checks.sequence import ConstantCheck, StageOrderCheck
from opendata.tabular.checks.share import ShareCheck
from opendata.tabular.checks.sums import SumCheck
from opendata.tabular.checks.unique import UniqueKeysCheck
from opendata.tabular.checks.windows import WindowCheck

PLUGIN_NAME = "opendata"

CHECKS: dict[str, type[Check]] = {
    check.type: check
    for check in (
        AgencyCheck,
        PeriodCheck,
        DecimalsCheck,
        UsccCheck,
        RequiredWhenCheck,
        EmptyWhenCheck,
        NotAfterCheck,
        MarkedCheck,
        ExpectedCheck,
        KeyUniqueAcrossCheck,
        RowConstraint,
        CategoriesCheck,
        RegionCodeCheck,
        ProjectCodeCheck,
        StatedAmountCheck,
        WindowCheck,
        AtMostCheck,
        TermOrderCheck,
        SumCheck,
        IdentityCheck,
        BalanceCheck,
        RollupCheck,
        DepthCheck,
        GridCheck,
        ShareCheck,
        UniqueKeysCheck,
        StageOrderCheck,
        ConstantCheck,
        ContinuityCheck,
        CountElsewhereCheck,
        StatedElsewhereCheck,
        NearElsewhereCheck,
        SubordinateCheck,
    )
}
_ERRORS: dict[str, type[Error]] = {error.type: error for error in ERRORS}
_FIELDS: dict[str, type[Field]] = {"number": NumberField}


class OpendataPlugin(Plugin):
    """Found by Frictionless through the top-level module ``frictionless_opendata``."""

    def select_check_class(self, type: str | None = None) -> type[Check] | None:  # noqa: A002 - its signature.
        """Return our check of that type."""
        return CHECKS.get(type or "")

    def select_error_class(self, type: str | None = None) -> type[Error] | None:  # noqa: A002 - its signature.
        """Return our error of that type."""
        return _ERRORS.get(type or "")

    def select_field_class(self, type: str | None = None) -> type[Field] | None:  # noqa: A002 - its signature.
        """Return our field of that type."""
        return _FIELDS.get(type or "")


def register() -> None:
    """Make sure that Frictionless knows our checks; harmless where it found them itself."""
    # ``register`` forgets what was discovered only if ``methods`` was computed before it.
    if "select_check_class" in system.methods and PLUGIN_NAME not in system.plugins:
        system.register(PLUGIN_NAME, OpendataPlugin())
