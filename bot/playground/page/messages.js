// One message as a node, and a list of them with day dividers.

import { picture, renderBlock } from "./blocks.js";
import { h, icon, reconcile } from "./dom.js";
import { Scope } from "./elements.js";
import { author, clockTime, dateOf, dayKey, dayName, format, isReply, me, store } from "./store.js";
import { mrkdwn } from "./text.js";

export function avatar(person, size = "") {
  const initials = person.app
    ? ""
    : person.name
        .split(" ")
        .map((word) => word[0])
        .join("")
        .slice(0, 2);
  const kind = person.slackbot ? "slackbot" : person.app ? "app" : "";
  return h(
    "span",
    {
      class: `avatar ${kind} ${size}`,
      "aria-hidden": "true",
      style: person.colour ? `background:${person.colour}` : null,
    },
    initials,
  );
}

const SUFFIX = /\.([a-z0-9]+)$/i;
function size(bytes) {
  return bytes < 1024
    ? `${bytes} B`
    : bytes < 1048576
      ? `${Math.round(bytes / 1024)} kB`
      : `${(bytes / 1048576).toFixed(1)} MB`;
}

function file(each) {
  const address = `/files/${each.id}/${encodeURIComponent(each.name)}`;
  if (each.mimetype.startsWith("image/"))
    return h(
      "div",
      { class: "attached" },
      h("div", { class: "title" }, each.title),
      picture(address, each.title, each.title),
    );
  const suffix = (each.name.match(SUFFIX)?.[1] ?? "file").toUpperCase();
  return h(
    "a",
    {
      class: "file",
      href: `${address}?download=1`,
      download: each.name,
      "data-testid": "file",
      "aria-label": `Download ${each.name}`,
    },
    h("span", { class: `kind ${suffix.toLowerCase()}`, "aria-hidden": "true" }, suffix.slice(0, 4)),
    h("span", { class: "grow" }, h("b", {}, each.title), h("small", {}, `${suffix} · ${size(each.size)}`)),
    icon("save"),
  );
}

function summary(message, openThread) {
  if (!message.reply_count) return null;
  const last = dateOf(message.latest_reply);
  const words = `${message.reply_count} ${message.reply_count === 1 ? "reply" : "replies"}`;
  return h(
    "button",
    { class: "replies", "data-testid": "thread-open", onclick: () => openThread(message) },
    h("b", {}, words),
    h("small", {}, `Last reply ${dayName(last).toLowerCase()} at ${clockTime(last)}`),
  );
}

function body(message) {
  const scope = new Scope({ channel: message.place, ts: message.ts });
  const words = message.text ? h("div", { class: "block words" }, mrkdwn(message.text)) : null;
  const blocks = message.blocks?.length ? message.blocks.map((block) => renderBlock(block, scope)) : words;
  const edited = message.edited && !message.bot_id ? h("small", { class: "edited" }, "(edited)") : null;
  return [blocks, edited, message.files?.map(file)];
}

function replyTool(message, openThread) {
  const props = {
    class: "icon",
    "aria-label": "Reply in thread",
    "data-testid": "reply",
    onclick: () => openThread(message),
  };
  return h("div", { class: "toolbar" }, h("button", props, icon("reply")));
}

export function messageNode(message, { compact, openThread, inThread }) {
  const by = author(message.user);
  const when = dateOf(message.ts);
  const full = format(when, { dateStyle: "full", timeStyle: "medium" });
  const stamp = h("time", { datetime: when.toISOString(), title: `${full} (${me().zone})` }, clockTime(when));
  const badge = by.app ? h("span", { class: "badge" }, "APP") : null;
  const classes = ["message", compact && "compact", message.is_ephemeral && "ephemeral", message.subtype];
  const props = {
    class: classes.filter(Boolean).join(" "),
    "data-testid": "message",
    "data-ts": message.ts,
    "data-ephemeral": message.is_ephemeral ? "true" : null,
    "aria-label": `${by.name}, ${clockTime(when)}`,
  };
  const content = h(
    "div",
    { class: "content" },
    message.is_ephemeral ? h("div", { class: "only" }, icon("eye"), "Only visible to you") : null,
    compact ? null : h("div", { class: "who" }, h("b", {}, by.name), badge, stamp),
    body(message),
    inThread ? null : summary(message, openThread),
  );
  const tool = inThread || message.is_ephemeral ? null : replyTool(message, openThread);
  return h("article", props, h("div", { class: "gutter" }, compact ? stamp : avatar(by)), content, tool);
}

// Keep a reader who is at the end there, whatever grows (pictures) or shrinks (panes).
const toEnd = (scroller) => {
  scroller.scrollTop = scroller.scrollHeight;
};
const watcher = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const scroller = target.closest(".list");
    if (scroller?.atEnd) toEnd(scroller);
  }
});
function follow(scroller, holder) {
  if (holder.followed) return;
  holder.followed = true;
  watcher.observe(holder);
  watcher.observe(scroller);
  scroller.onscroll = () => {
    scroller.atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 80;
  };
}

// Show messages in a scroller's last child.
export function showInto(scroller, messages, options) {
  const holder = scroller.lastElementChild;
  follow(scroller, holder);
  const items = [];
  let day = "";
  let before = null;
  for (const message of messages) {
    const when = dateOf(message.ts);
    const fresh = dayKey(when) !== day;
    if (fresh && !options.inThread)
      items.push({
        key: `day ${dayKey(when)}`,
        sig: dayName(when),
        make: () => h("div", { class: "day", role: "separator" }, h("span", {}, dayName(when))),
      });
    day = dayKey(when);
    const firstReply = options.inThread && before === messages[0];
    if (firstReply)
      items.push({
        key: "since",
        sig: messages.length,
        make: () =>
          h("div", { class: "since" }, `${messages.length - 1} ${messages.length === 2 ? "reply" : "replies"}`),
      });
    const close = before?.user === message.user && when - dateOf(before.ts) < 3e5;
    const compact = close && !fresh && !firstReply && !message.is_ephemeral && !before.is_ephemeral && !message.subtype;
    items.push({
      key: message.ts,
      sig: `${store.me} ${compact} ${JSON.stringify(message)}`,
      make: () => messageNode(message, { ...options, compact }),
    });
    before = message;
  }
  reconcile(holder, items);
  if (!options.toEnd && !scroller.atEnd) return;
  scroller.atEnd = true;
  toEnd(scroller);
}

export const topLevel = (messages) => messages.filter((message) => !isReply(message));
