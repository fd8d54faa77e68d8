"""Limits: how often one may ask, and what is told about it."""

from dataclasses import dataclass

from opendata.domain.errors import Refusal, Text

WINDOW_SECONDS = 60


class RateLimited(Refusal):
    """More was asked in a minute than one address, key or person may."""

    status = 429
    code = "rate-limited"
    title = Text("请求过于频繁", "Too many requests")

    def __init__(self, retry_after: int) -> None:
        """Say in how many seconds to ask again."""
        super().__init__(
            f"请求过于频繁，请在 {retry_after} 秒后再试。",
            f"Too many requests; try again in {retry_after} seconds.",
        )
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of a quota for one window: ``remaining`` is negative once it is exceeded."""

    policy: str
    quota: int
    remaining: int
    resets_in: int

    @property
    def is_exceeded(self) -> bool:
        """Whether this request is one too many."""
        return self.remaining < 0

    @property
    def headers(self) -> list[tuple[str, str]]:
        """What an answer says of it (draft-ietf-httpapi-ratelimit-headers, version 10).

        >>> Allowance("address", 100, 99, 30).headers
        [('RateLimit-Policy', '"address";q=100;w=60'), ('RateLimit', '"address";r=99;t=30')]
        """
        left = max(self.remaining, 0)
        return [
            ("RateLimit-Policy", f'"{self.policy}";q={self.quota};w={WINDOW_SECONDS}'),
            ("RateLimit", f'"{self.policy}";r={left};t={self.resets_in}'),
        ]

    def check(self) -> None:
        """Raise ``RateLimited`` if the quota is exceeded."""
        if self.is_exceeded:
            raise RateLimited(self.resets_in)
