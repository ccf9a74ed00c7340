"""Modals and Homes through a real Bolt app: submissions, stacks, triggers, hashes and limits."""

from __future__ import annotations

import pytest
from slack_sdk import WebClient

from bot.playground import PlaygroundServer
from tests.playground.blocks import Json, plain, section
from tests.playground.conftest import SteppedClock
from tests.playground.echo import FORM, Echo, opened
from tests.playground.test_webapi import error_of

ANSWERS: dict[str, tuple[Json, dict[str, str], int]] = {
    "nothing": ({}, {}, 0),
    "clear": ({"response_action": "clear"}, {}, 0),
    "errors": ({"response_action": "errors", "errors": {"name": "No."}}, {"name": "No."}, 1),
    "update": ({"response_action": "update", "view": FORM}, {}, 1),
    "push": ({"response_action": "push", "view": FORM}, {}, 2),
}


@pytest.mark.parametrize(("answer", "errors", "left"), ANSWERS.values(), ids=ANSWERS.keys())
def test_a_submission_is_answered_in_its_acknowledgement(
    slack: PlaygroundServer, echo: Echo, answer: Json, errors: dict[str, str], left: int
) -> None:
    """Each response_action does to the stack what Slack does."""
    view = opened(slack)
    echo.answer = answer
    ana = slack.as_user("ana")
    assert ana.submit(view) == errors
    assert len(ana.views) == left
    assert slack.refusals == []


WRONG_ANSWERS = {
    "errors for no field": {"response_action": "errors", "errors": {"other": "No."}},
    "an unknown action": {"response_action": "dance"},
    "a wrong view": {"response_action": "update", "view": {"type": "modal", "blocks": []}},
}


@pytest.mark.parametrize("answer", WRONG_ANSWERS.values(), ids=WRONG_ANSWERS.keys())
def test_a_wrong_answer_to_a_submission_is_written_down(
    slack: PlaygroundServer, echo: Echo, answer: Json
) -> None:
    """What Slack could not use shows as trouble in the modal, and among the refusals."""
    view = opened(slack)
    echo.answer = answer
    assert "trouble" in slack.as_user("ana").submit(view)[""]
    assert [each.what for each in slack.refusals] == ["view_submission"]


def test_slack_s_own_checks_come_first(slack: PlaygroundServer, echo: Echo) -> None:
    """A required field that is empty is refused without asking the app."""
    view = opened(slack)
    before = len(slack.deliveries)
    assert list(slack.as_user("ana").submit(view, {"name": None})) == ["name"]
    assert len(slack.deliveries) == before


def test_closing_is_told_where_wanted(slack: PlaygroundServer, echo: Echo) -> None:
    """notify_on_close brings view_closed."""
    slack.as_user("ana").close(opened(slack))
    assert echo.got[-1]["type"] == "view_closed"
    assert echo.got[-1]["is_cleared"] is False


def test_a_trigger_lives_three_seconds_and_is_used_once(
    slack: PlaygroundServer, echo: Echo, web: WebClient, clock: SteppedClock
) -> None:
    """A trigger_id is exchanged once, expires by the clock, and cannot be invented."""
    opened(slack)
    used = echo.got[-1]["trigger_id"]
    assert error_of(web.views_open, trigger_id=used, view=FORM) == "exchanged_trigger_id"
    assert error_of(web.views_open, trigger_id="1.2.x", view=FORM) == "invalid_trigger_id"
    old = echo.got[0]["trigger_id"]
    clock.step(seconds=3.5)
    assert error_of(web.views_open, trigger_id=old, view=FORM) == "expired_trigger_id"


def test_the_stack_holds_three(slack: PlaygroundServer, echo: Echo, web: WebClient) -> None:
    """Two views can be pushed on the first, each by a trigger from the one below."""
    view = opened(slack)
    ana = slack.as_user("ana")
    for depth in (2, 3):
        ana.click(ana.view, "region", "emea")
        trigger = slack.deliveries[-1].envelope["payload"]["trigger_id"]
        slack.wait(lambda: len(ana.view["blocks"]) == 3)
        web.views_push(trigger_id=trigger, view=FORM)
        assert len(ana.views) == depth
    ana.click(ana.view, "region", "emea")
    trigger = slack.deliveries[-1].envelope["payload"]["trigger_id"]
    assert error_of(web.views_push, trigger_id=trigger, view=FORM) == "push_limit_reached"
    assert ana.view["root_view_id"] == view["id"]
    ana.close(ana.view, everything=True)
    assert ana.views == []


def test_an_update_keeps_what_was_typed_and_minds_the_hash(
    slack: PlaygroundServer, echo: Echo, web: WebClient
) -> None:
    """views.update keeps values of unchanged elements; an old hash or a closed view is refused."""
    view = opened(slack)
    old = view["hash"]
    ana = slack.as_user("ana")
    ana.click(view, "name", "typed")
    changed = web.views_update(view_id=view["id"], hash=old, view=FORM)["view"]
    assert changed["state"]["values"]["name"]["name"]["value"] == "typed"
    update = web.views_update
    assert error_of(update, view_id=view["id"], hash=old, view=FORM) == "hash_conflict"
    ana.close(view)
    assert error_of(update, view_id=view["id"], view=FORM) == "not_found"


def test_home_is_published_for_one_person(slack: PlaygroundServer, web: WebClient) -> None:
    """views.publish replaces a person's Home, and refuses a modal."""
    home = {"type": "home", "blocks": [section()]}
    first = web.views_publish(user_id="U0ANA00001", view=home)["view"]
    again = web.views_publish(user_id="U0ANA00001", view=home, hash=first["hash"])["view"]
    assert first["id"] == again["id"]
    assert error_of(web.views_publish, user_id="U0ANA00001", view=FORM) == "invalid_arguments"


def test_the_title_of_a_modal_is_checked_like_any_other(
    slack: PlaygroundServer, echo: Echo, web: WebClient
) -> None:
    """A view past its limits is refused with the place that is wrong."""
    opened(slack)
    view = FORM | {"title": plain("x" * 25)}
    assert error_of(web.views_update, view_id="V000000001", view=view) == "invalid_arguments"
    assert "json-pointer:/view/title/text" in slack.refusals[-1].messages[0]
