"""The routes of the applications of a test process, compiled once: that took most of the time of `create_app`."""

from typing import Any

from werkzeug.routing import Map, Rule, RuleFactory

_COMPILED: dict[tuple[Any, ...], Map] = {}
"""A map of compiled rules for all applications that have the same ones in the same order."""


class SharedMap(Map):
    """A map that compiles its rules when it is first used, unless another with the same rules has done so."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._added: list[Rule] = []

    def add(self, rulefactory: RuleFactory) -> None:
        """Add the rules of a factory."""
        self._added += rulefactory.get_rules(self)
        self._remap = True

    def update(self) -> None:
        """Be ready to match and to build."""
        with self._remap_lock:
            if self._remap:
                compiled = self._compiled()
                self._matcher, self._rules_by_endpoint = compiled._matcher, compiled._rules_by_endpoint
                self._remap = False

    def _compiled(self) -> Map:
        key = (self.strict_slashes, self.merge_slashes, self.host_matching, *map(_key, self._added))
        if key not in _COMPILED:
            compiled = _COMPILED[key] = Map(
                strict_slashes=self.strict_slashes,
                merge_slashes=self.merge_slashes,
                host_matching=self.host_matching,
                converters=self.converters,
            )
            for rule in self._added:
                compiled.add(_copy(rule))
            compiled.update()
        return _COMPILED[key]


def _key(rule: Rule) -> tuple[Any, ...]:
    """Everything that rules of applications differ in."""
    more = {**rule.get_empty_kwargs(), "methods": None, "defaults": None}
    return rule.rule, _automatic(rule), *sorted(rule.methods or ()), repr(rule.defaults), *more.values()


def _copy(rule: Rule) -> Rule:
    copy = rule.empty()
    copy.provide_automatic_options = _automatic(rule)  # type: ignore[attr-defined]
    return copy


def _automatic(rule: Rule) -> bool:
    """Whether Flask answers OPTIONS itself."""
    return bool(rule.provide_automatic_options)  # type: ignore[attr-defined]
