"""The bot on Slack: what Slack reports, acknowledged and handed to whoever deals with it."""

from __future__ import annotations

import asyncio
import logging
import re
from typing import TYPE_CHECKING, Any

from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.slack.addressing import said_in, spoken, words_in
from bot.adapters.slack.answering import Command
from bot.adapters.slack.bringing import BRINGING, READING
from bot.adapters.slack.buttons import WHY
from bot.adapters.slack.calls import DEAD, code, retried, scope
from bot.adapters.slack.clicks import Click, team_of
from bot.adapters.slack.controls import ACT
from bot.adapters.slack.corpus import STEP
from bot.adapters.slack.correcting import correct
from bot.adapters.slack.delivery import Spot, message_id
from bot.adapters.slack.http import Listener, Signatures
from bot.adapters.slack.intake import ADD, CONFIRM, Shared
from bot.adapters.slack.looking import Asked
from bot.adapters.slack.members import PLATFORM
from bot.adapters.slack.pages import PAGE, QUOTE, WHOSAID
from bot.adapters.slack.parts import Parts
from bot.adapters.slack.problems import logged
from bot.errors import PlatformError
from bot.localization import load_all, phrases
from bot.rendering.slack import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping
    from pathlib import Path

    from bot.app import App

ASK_ABOUT, WHO_SAID = "onrecord:ask_about", "onrecord:who_said"
ADD_THIS = "onrecord:add_this"
"""The ids of the message shortcuts: ask what a message says, tell who said what it says, take in
the files and the page that it brings."""
_ANY = re.compile(".*")
_log = logging.getLogger(__name__)


class SlackBot:
    """Answers on Slack. Needs no network until it is connected, but a running event loop.

    Args:
        app: the parts of the running bot.
        ledger: the file to remember in.

    Attributes:
        parts: what it is made of.
        bolt: what Slack's requests go to.
        client: of the Web API.
        when_ready: told when the bot is connected.
        name: of the bot and its workspace, once it is logged in.
        me: id of the bot's user, once it is known.
    """

    def __init__(self, app: App, ledger: Path) -> None:
        settings = app.settings
        self.settings = settings
        load_all()
        self.client = AsyncWebClient(
            settings.slack_bot_token.get_secret_value(),
            base_url=settings.slack_api.rstrip("/") + "/",
            retry_handlers=[],  # a message that may have arrived is never sent again
        )
        signatures = Signatures(settings.slack_signing_secret.get_secret_value())
        self.bolt = AsyncApp(
            name="onrecord",
            client=self.client,
            request_verification_enabled=False,  # its own check stumbles over odd headers
            before_authorize=signatures.check,
        )
        self._listener = Listener(self.bolt, signatures)
        self.parts = Parts(app, ledger, self.client, self._lost)
        app.notices.register(PLATFORM, self._notice)
        self._correcting: asyncio.Task[None] | None = None
        self.when_ready: Callable[[str], None] = lambda _: None
        self.name = ""
        self.me = ""
        self.port = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._taken: set[str] = set()
        self._ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._listen_to()

    # --- what Slack reports -----------------------------------------------------------------

    def _listen_to(self) -> None:
        """Take everything: what nobody takes is not acknowledged, and Slack sends it again."""
        self.bolt.event(_ANY)(self._on_event)
        self.bolt.command(_ANY)(self._on_command)
        self.bolt.action(_ANY)(self._on_action)
        self.bolt.shortcut(_ANY)(self._on_shortcut)
        self.bolt.view(_ANY)(self._on_view)
        self.bolt.view_closed(_ANY)(self._on_closed)
        self.bolt.options(_ANY)(self._on_options)

    async def _on_event(self, body: dict[str, Any]) -> None:
        self._take(str(body.get("event_id", "")), self._event(body))

    async def _on_command(self, ack: Any, body: dict[str, Any]) -> None:
        await ack()
        self._take(str(body.get("trigger_id", "")), self.parts.commands.take(body))

    async def _on_action(self, ack: Any, body: dict[str, Any]) -> None:
        await ack()
        for action in body.get("actions") or ():
            click = Click.of(body, action)
            self._take(click.trigger, self._taker(click)(click))

    def _taker(self, click: Click) -> Callable[[Click], Coroutine[Any, Any, None]]:
        """What deals with a click."""
        if PAGE.fullmatch(click.action):
            return self.parts.looking.clicked
        if ACT.fullmatch(click.action):
            return self.parts.console.clicked
        if CONFIRM.fullmatch(click.action):
            return self.parts.articles.clicked
        return self.parts.runs.clicked if STEP.fullmatch(click.action) else self.parts.clicks.take

    async def _on_shortcut(self, ack: Any, body: dict[str, Any]) -> None:
        await ack()
        if body.get("callback_id") == ASK_ABOUT:
            command = _pointed(body)
            self._take(command.asked_in, self.parts.answering.command(command))
        elif body.get("callback_id") == WHO_SAID:
            command = _pointed(body)
            self._take(command.asked_in, self._who_said(command))

        elif body.get("callback_id") == ADD_THIS:
            command = _pointed(body)
            files = _files(body.get("message") or {})
            shared = Shared(command.asked_in, command.text, files, command.user, command.team)
            self._take(command.asked_in, self.parts.articles.shared(shared))

    async def _who_said(self, command: Command) -> None:
        words = (await self.parts.members.get(command.user)).words
        asked = Asked(
            command.user, command.team, command.spot, command.url, command.asked_in, words
        )
        await self.parts.looking.pointed(asked, await said_in(command.text, self.parts.members))

    async def _on_options(self, ack: Any, body: dict[str, Any]) -> None:
        is_home = ACT.fullmatch(str(body.get("action_id", "")))
        offering = self.parts.console if is_home else self.parts.looking
        await ack(options=await offering.offered(body))

    async def _on_view(self, ack: Any, body: dict[str, Any]) -> None:
        view, user = body.get("view") or {}, str((body.get("user") or {}).get("id", ""))
        if view.get("callback_id") in (QUOTE, WHOSAID):
            await ack()
            self._take(str(body.get("trigger_id", "")), self.parts.looking.submitted(body))
            return
        if view.get("callback_id") in (BRINGING, READING):
            await ack()
            self._take(str(body.get("trigger_id", "")), self.parts.console.submitted(body))
            return
        if view.get("callback_id") != WHY:
            await ack()
            return
        shown = await self.parts.clicks.submitted(user, team_of(body), view)
        await ack(response_action="update", view=shown)

    async def _on_closed(self, ack: Any) -> None:
        await ack()

    async def _event(self, body: dict[str, Any]) -> None:
        """Deal with an event of the Events API."""
        event = body.get("event") or {}
        channel = str(event.get("channel") or "")
        match event.get("type"), event.get("subtype"):
            case "message", "message_changed":
                message = event.get("message") or {}
                edited = message_id(channel, str(message.get("ts", "")))
                self.parts.answering.edited(edited, str(message.get("text") or ""))
            case "message", "message_deleted":
                deleted = message_id(channel, str(event.get("deleted_ts", "")))
                self.parts.answering.deleted(deleted)
            case (("message" | "app_mention"), _):
                await self._spoken(event, str(body.get("team_id", "")))
            case "app_home_opened", _:
                await self._opened(event, str(body.get("team_id", "")))
            case "assistant_thread_started", _:
                thread = event.get("assistant_thread") or {}
                user, ts = str(thread.get("user_id", "")), str(thread.get("thread_ts", ""))
                channel, team = str(thread.get("channel_id", "")), str(body.get("team_id", ""))
                await self.parts.home.suggest(user, team, channel, ts)
            case (("app_uninstalled" | "tokens_revoked"), _):
                self._lost("account_inactive")

    async def _spoken(self, event: dict[str, Any], team: str) -> None:
        me = await self._who()
        message = spoken(event, team, me)
        if message is None or not await self.parts.answering.is_addressed(message, me):
            return
        text = message.text.replace(f"<@{me}>", " ")
        if ADD.match(text):
            await self._add(Shared(message.id, text, _files(event), message.user, team))
        else:
            await self.parts.answering.message(message, me)

    async def _add(self, shared: Shared) -> None:
        """Take in what a message brings, which Slack may report in two events."""
        if shared.id in self._taken:
            return
        self._taken.add(shared.id)
        if not await self.parts.desk.is_handled(shared.id):
            await self.parts.desk.handled(shared.id)
            await self.parts.articles.shared(shared)

    async def _opened(self, event: dict[str, Any], team: str) -> None:
        """Somebody looks at one of the app's own tabs."""
        user = str(event.get("user", ""))
        if event.get("tab") == "messages":
            await self.parts.home.suggest(user, team, str(event.get("channel", "")))
        else:
            await self.parts.home.publish(user, team)

    async def _who(self) -> str:
        if not self.me:
            told = await retried(self.client.auth_test)
            self.me = str(told.get("user_id", ""))
            self.name = f"{told.get('user', '')} ({told.get('team', '')})"
        return self.me

    # --- one thing at a time, each once -----------------------------------------------------

    def _take(self, delivery: str, work: Coroutine[Any, Any, None]) -> None:
        """Do ``work`` beside everything else, unless it was done for an earlier delivery."""
        if delivery and delivery in self._taken:
            work.close()
            return
        self._taken.add(delivery)
        task = asyncio.create_task(self._once(delivery, work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _once(self, delivery: str, work: Coroutine[Any, Any, None]) -> None:
        try:
            if delivery and await self.parts.desk.is_handled(delivery):
                work.close()
                return
            await work
            if delivery:
                await self.parts.desk.handled(delivery)
        except Exception as error:  # noqa: BLE001 - the boundary: nobody is there to be told
            if code(error) in DEAD:
                self._lost(code(error))
            elif needed := scope(error):
                _log.error("Slack refuses a call: the app lacks the scope %s", needed)
            else:
                logged(error)
        finally:
            self._taken.discard(delivery)

    async def settled(self) -> None:
        """Wait until everything that Slack has reported so far is dealt with."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    # --- connecting and leaving -------------------------------------------------------------

    @property
    def listens(self) -> bool:
        """Whether Slack sends requests to the bot, which listens for them."""
        return self.settings.slack_mode == "http"

    async def log_in(self) -> None:
        """See who the bot is.

        Raises:
            PlatformError: if Slack does not know the token.
        """
        try:
            await self._who()
        except SlackApiError as error:
            raise self._refusal("ONRECORD_SLACK_BOT_TOKEN", error) from error
        if self._correcting is None:
            self._correcting = asyncio.create_task(correct(self.parts.corrector))

    async def first_address(self) -> str:
        """An address for Socket Mode.

        Raises:
            PlatformError: if Slack does not know the app's token, or lets it have none.
        """
        token = self.settings.slack_app_token.get_secret_value()
        try:
            told = await retried(lambda: self.client.apps_connections_open(app_token=token))
        except SlackApiError as error:
            raise self._refusal("ONRECORD_SLACK_APP_TOKEN", error) from error
        return str(told["url"])

    async def listen(self) -> None:
        """Listen for Slack's requests.

        Raises:
            PlatformError: if the port cannot be used.
        """
        host, port = self.settings.slack_host, self.settings.slack_port
        try:
            self.port = await self._listener.start(host, port)
        except OSError as error:
            raise PlatformError(
                f"Cannot listen on {host}:{port} for Slack ({error.strerror}). Set "
                "ONRECORD_SLACK_HOST and ONRECORD_SLACK_PORT to something free."
            ) from error

    async def until_closed(self) -> None:
        """Wait until somebody closes the bot.

        Raises:
            PlatformError: if Slack refuses the bot for good.
        """
        await asyncio.shield(self._ended)

    def refused(self, setting: str, why: str) -> None:
        """Slack no longer knows a token: the bot has to end."""
        if not self._ended.done():
            self._ended.set_exception(PlatformError(_refused(setting, why)))
            self._ended.exception()  # told to whoever waits; nobody may

    def _lost(self, why: str) -> None:
        self.refused("ONRECORD_SLACK_BOT_TOKEN", why)

    def _refusal(self, setting: str, error: SlackApiError) -> Exception:
        """What to raise for ``error`` while logging in."""
        if needed := scope(error):
            return PlatformError(
                f"Slack refuses {setting}: it lacks the scope {needed}. Add it in the app's "
                "settings, install the app again, and put the new token in."
            )
        refused = code(error) in DEAD or code(error) == "not_allowed_token_type"
        return PlatformError(_refused(setting, code(error))) if refused else error

    async def _notice(self, place: str, key: str, values: Mapping[str, object]) -> None:
        """Tell something in a channel that nobody just asked for."""
        words = phrases()
        await self.parts.delivery.post(Spot(place), plain(words(key, **values)), words)

    async def finish(self) -> None:
        """Take no more questions; the running ones have the seconds of the settings."""
        self.parts.limits.stopping = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=self.settings.grace)

    async def close(self) -> None:
        """Leave."""
        await self._listener.stop()
        self.parts.librarian.close()
        ending = [*self._tasks, *([self._correcting] if self._correcting else [])]
        for task in ending:
            task.cancel()
        await asyncio.gather(*ending, return_exceptions=True)
        if not self._ended.done():
            self._ended.set_result(None)
        self.parts.close()


def _refused(setting: str, why: str) -> str:
    begins = "xapp-" if setting.endswith("APP_TOKEN") else "xoxb-"
    return (
        f"Slack refused {setting} ({why}): the app is not installed any more, or this is not its "
        f"token. Install it in the workspace, and put the token that begins with {begins} into "
        f"{setting}; the README tells where it stands."
    )


def _files(message: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    """The files that somebody shared in a message."""
    return tuple(one for one in message.get("files") or () if isinstance(one, dict))


def _pointed(body: dict[str, Any]) -> Command:
    """The question that a message is which somebody pointed to."""
    message, user = body.get("message") or {}, body.get("user") or {}
    channel = str((body.get("channel") or {}).get("id", ""))
    thread = str(message.get("thread_ts") or message.get("ts") or "")
    return Command(
        text=words_in(message),
        user=str(user.get("id", "")),
        spot=Spot(channel, thread),
        team=str((body.get("team") or {}).get("id", "")),
        asked_in=str(body.get("trigger_id", "")),
        url=str(body.get("response_url", "")),
    )
