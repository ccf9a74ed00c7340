// The page: connects to the server as one person, and shows the workspace as it is for them.

import { renderBlock } from "./blocks.js";
import { composer } from "./composer.js";
import { h, icon, post, toast } from "./dom.js";
import { Scope } from "./elements.js";
import { avatar, showInto, topLevel } from "./messages.js";
import { showViews, trouble } from "./modal.js";
import { author, channelName, clockTime, format, me, messagesOf, now, store } from "./store.js";

const $ = (id) => document.getElementById(id);
let socket = null;

function connect(person) {
  socket?.close();
  const live = new WebSocket(
    `${location.origin.replace(/^http/, "ws")}/page/live?person=${encodeURIComponent(person)}`,
  );
  socket = live;
  live.onmessage = (event) => receive(JSON.parse(event.data));
  live.onclose = (event) => {
    if (socket !== live) return;
    if (event.code === 4004) connect("ana");
    else setTimeout(() => socket === live && connect(person), 1000);
    $("connection").textContent = "The playground is not running";
    $("connection").className = "connection off";
  };
}

const keyed = (list, key) => new Map(list.map((each) => [each[key], each]));

function begin(event) {
  const same = store.me === event.me;
  Object.assign(store, {
    ...event,
    people: keyed(event.people, "id"),
    channels: keyed(event.channels, "id"),
  });
  store.messages = new Map(Object.entries(event.messages).map(([channel, list]) => [channel, keyed(list, "ts")]));
  if (!same) Object.assign(store, { unread: new Set(), thread: null });
  const wanted = new URLSearchParams(location.search).get("channel");
  const found =
    [...store.channels.values()].find((each) => each.name === wanted && each.kind !== "app") ??
    [...store.channels.values()][0];
  if (!store.channels.has(store.channel)) store.channel = found.id;
  frame();
  openChannel(store.channel, store.tab);
  showViews();
}

const EVENTS = {
  hello: begin,
  message: ({ channel, message }) => {
    message.place = channel;
    if (message.is_ephemeral) store.whispers.set(message.ts, message);
    else store.messages.get(channel)?.set(message.ts, message);
    if (channel === store.channel && store.tab === "messages") showMessages(message.user === store.me);
    else if (message.user !== store.me) store.unread.add(channel);
    sidebar();
  },
  deleted: ({ channel, ts }) => {
    store.whispers.delete(ts);
    store.messages.get(channel)?.delete(ts);
    if (channel === store.channel) showMessages();
  },
  views: ({ stack }) => {
    store.views = stack;
    showViews();
  },
  home: ({ view }) => {
    store.home = view;
    showHome();
  },
  trouble: ({ text }) => trouble(text),
  connected: ({ sockets }) => {
    store.sockets = sockets;
    tick();
  },
  clock: () => {
    tick();
    frame();
    showMessages();
  },
};

function receive(event) {
  store.offset = event.now * 1000 - Date.now();
  EVENTS[event.type]?.(event);
}

function row(channel) {
  const sign = { channel: icon("hash"), private: icon("lock") }[channel.kind] ?? avatar(author(channel.with), "small");
  const name = channelName(channel);
  const current = channel.id === store.channel;
  return h(
    "button",
    {
      class: `place ${store.unread.has(channel.id) ? "unread" : ""}`,
      "aria-current": current ? "page" : null,
      "data-testid": `channel:${name}`,
      onclick: () => openChannel(channel.id),
    },
    sign,
    h("span", {}, name),
    channel.kind === "app" ? h("span", { class: "badge" }, "APP") : null,
  );
}

function sidebar() {
  const of = (...kinds) => [...store.channels.values()].filter((each) => kinds.includes(each.kind));
  const focused = document.activeElement?.dataset.testid;
  $("places").replaceChildren(
    h("h2", {}, "Channels"),
    ...of("channel", "private").map(row),
    h("h2", {}, "Direct messages"),
    ...of("im").map(row),
    h("h2", {}, "Apps"),
    ...of("app").map(row),
  );
  if (focused?.startsWith("channel:"))
    [...$("places").children].find((each) => each.dataset.testid === focused)?.focus();
}

function frame() {
  $("team").textContent = store.team;
  document.title = `${store.team} – Playground`;
  $("controls").hidden = !store.controls;
  $("persons").replaceChildren(
    ...[...store.people.values()].map((person) =>
      h(
        "button",
        {
          class: "person",
          "data-testid": `person-${person.handle}`,
          "aria-pressed": String(person.id === store.me),
          onclick: () => become(person),
        },
        avatar(person),
        h(
          "span",
          {},
          h("b", {}, person.name),
          h(
            "small",
            {},
            person.zone.replace("_", " "),
            " · ",
            h("time", { "data-zone": person.zone, "data-locale": person.locale }),
          ),
        ),
      ),
    ),
  );
  sidebar();
  tick();
}

function become(person) {
  if (person.id === store.me) return;
  const known = store.channels.get(store.channel);
  if (known && !["channel", "private"].includes(known.kind)) store.channel = null;
  const query = new URLSearchParams(location.search);
  query.set("person", person.handle);
  history.replaceState(null, "", `?${query}`);
  connect(person.id);
}

function tick() {
  if (!store.me) return;
  const day = format(now(), { weekday: "short", day: "numeric", month: "short" });
  $("now").replaceChildren(
    h("span", { class: "wide" }, `${day}, `),
    format(now(), { hour: "numeric", minute: "2-digit", timeZoneName: "short" }),
  );
  for (const time of document.querySelectorAll("time[data-zone]")) {
    time.textContent = new Intl.DateTimeFormat(time.dataset.locale, {
      timeZone: time.dataset.zone,
      hour: "numeric",
      minute: "2-digit",
    }).format(now());
  }
  $("connection").textContent = store.sockets ? `${store.bot.name} is connected` : `${store.bot.name} is not connected`;
  $("connection").className = `connection ${store.sockets ? "on" : "off"}`;
}

function openChannel(id, wanted = "messages") {
  const channel = store.channels.get(id);
  const app = channel.kind === "app";
  const tab = app ? wanted : "messages";
  Object.assign(store, { channel: id, tab, thread: store.thread?.channel === id ? store.thread : null });
  store.unread.delete(id);
  const direct = ["im", "app"].includes(channel.kind);
  $("channel-name").replaceChildren(
    direct ? avatar(author(channel.with), "small") : icon(channel.kind === "private" ? "lock" : "hash"),
    channelName(channel),
  );
  $("channel-topic").textContent = channel.topic;
  $("channel-count").replaceChildren(...(direct ? [] : [icon("people"), String(channel.members)]));
  $("channel-count").title = direct ? "" : `${channel.members} members`;
  $("tabs").hidden = !(app && store.homeTab);
  $("tabs").replaceChildren(
    ...["home", "messages"].map((each) =>
      h(
        "button",
        {
          role: "tab",
          "aria-selected": String(each === store.tab),
          "data-testid": `tab-${each}`,
          onclick: () => openChannel(id, each),
        },
        each === "home" ? "Home" : "Messages",
      ),
    ),
  );
  if (app) post("visit", { person: store.me, tab }).catch((error) => toast(error.message));
  const query = new URLSearchParams(location.search);
  query.set("channel", channelName(channel));
  history.replaceState(null, "", `?${query}`);
  document.body.classList.remove("menu-open");
  $("menu").setAttribute("aria-expanded", "false");
  $("composer-slot").replaceChildren(composer(channel));
  $("messages").replaceChildren();
  $("messages").setAttribute("aria-label", `Messages in ${channelName(channel)}`);
  sidebar();
  showMessages(true);
  showHome();
  $("composer-slot").querySelector("textarea").focus({ preventScroll: true });
}

function welcome() {
  const channel = store.channels.get(store.channel);
  const name = channelName(channel);
  const words =
    {
      app: `This is the very beginning of your messages with ${name}.`,
      im: `This conversation is just between you and ${name}.`,
    }[channel.kind] ?? `You are looking at the very beginning of #${name}. ${channel.topic}`;
  return h(
    "div",
    { class: "welcome", "data-key": "welcome" },
    h("h3", {}, channel.kind === "channel" ? `# ${name}` : name),
    h("p", {}, words),
  );
}

function showMessages(toEnd = false) {
  const home = store.tab === "home";
  $("messages").hidden = $("composer-slot").hidden = home;
  if (home) return;
  const list = $("messages");
  for (const message of messagesOf(store.channel)) message.place = store.channel;
  if (!list.firstElementChild) list.append(h("div", { class: "past" }), h("div", { class: "present" }));
  list.firstElementChild.replaceChildren(welcome());
  const messages = messagesOf(store.channel);
  showInto(list, topLevel(messages), { openThread, toEnd });
  showThread();
}

function openThread(message) {
  store.thread = { channel: store.channel, ts: message.ts };
  $("reply-slot").replaceChildren(composer(store.channels.get(store.channel), message.ts));
  $("replies").replaceChildren(h("div", { class: "present" }));
  showThread(true);
  $("reply-slot").querySelector("textarea").focus();
}

function showThread(toEnd = false) {
  const thread = store.thread?.channel === store.channel && store.thread;
  $("thread").hidden = !thread;
  document.body.classList.toggle("with-thread", Boolean(thread));
  if (!thread) return $("replies").replaceChildren();
  const channel = store.channels.get(store.channel);
  $("thread-place").textContent = channel.kind === "channel" ? `# ${channel.name}` : channelName(channel);
  if (!$("replies").firstElementChild) return openThread({ ts: thread.ts });
  const messages = messagesOf(store.channel).filter((each) => each.ts === thread.ts || each.thread_ts === thread.ts);
  return showInto($("replies"), messages, { inThread: true, toEnd });
}

function showHome() {
  const shown = store.tab === "home" && store.channels.get(store.channel)?.kind === "app";
  $("home").hidden = !shown;
  if (!shown) return;
  const scope = store.home && new Scope({ view: store.home.id }, store.home.state.values);
  $("home").replaceChildren(
    ...(store.home
      ? store.home.blocks.map((block) => renderBlock(block, scope))
      : [h("p", { class: "welcome" }, "The app has not put anything here yet.")]),
  );
}

$("menu").addEventListener("click", () => {
  const open = document.body.classList.toggle("menu-open");
  $("menu").setAttribute("aria-expanded", String(open));
});
$("thread-close").addEventListener("click", () => {
  store.thread = null;
  showThread();
});
for (const button of document.querySelectorAll("[data-step]")) {
  button.addEventListener("click", async () => {
    button.disabled = true;
    await post("clock", { person: store.me, step: button.dataset.step }).catch((error) => toast(error.message));
    button.disabled = false;
  });
}
setInterval(tick, 10_000);
connect(new URLSearchParams(location.search).get("person") ?? "ana");
