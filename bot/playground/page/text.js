// Slack's text formats as nodes: mrkdwn, plain_text, rich_text elements, dates, emoji.

import { h } from "./dom.js";
import { EMOJI } from "./emoji.js";
import { author, channelName, dayName, format, store } from "./store.js";

const ENTITIES = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };
const unescape = (text) => text.replace(/&(?:lt|gt|amp);/g, (entity) => ENTITIES[entity]);
const SAFE = /^(https?:\/\/|mailto:)/i;

export function link(url, ...label) {
  if (!SAFE.test(url)) return h("span", {}, ...label);
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, ...label);
}

export function emoji(name) {
  const plain = name.replace(/::skin-tone-\d$/, "");
  return EMOJI[plain] ? h("span", { class: "emoji", role: "img", "aria-label": plain }, EMOJI[plain]) : `:${name}:`;
}

function withEmoji(text) {
  return text.split(/(:[a-z0-9_+'-]+:)/).map((part, index) => (index % 2 ? emoji(part.slice(1, -1)) : unescape(part)));
}

function mention(id) {
  const mine = id === store.me;
  return h("span", { class: mine ? "mention mine" : "mention" }, `@${author(id).name}`);
}

function channelLink(id) {
  const channel = store.channels.get(id);
  return h("span", { class: "mention" }, channel ? `#${channelName(channel)}` : "#private");
}

const broadcast = (range) => h("span", { class: "mention mine", "data-testid": "broadcast" }, `@${range}`);

export function date(timestamp, pattern) {
  const when = new Date(Number(timestamp) * 1000);
  const month = { day: "numeric", month: "long", year: "numeric" };
  const pretty = (options) =>
    ["Today", "Yesterday"].includes(dayName(when)) ? dayName(when).toLowerCase() : format(when, options);
  const parts = {
    date_num: () => new Intl.DateTimeFormat("en-CA", { timeZone: store.people.get(store.me).zone }).format(when),
    date: () => format(when, month),
    date_short: () => format(when, { ...month, month: "short" }),
    date_long: () => format(when, { ...month, weekday: "long" }),
    date_pretty: () => pretty(month),
    date_short_pretty: () => pretty({ ...month, month: "short" }),
    date_long_pretty: () => pretty({ ...month, weekday: "long" }),
    time: () => format(when, { hour: "numeric", minute: "2-digit" }),
    time_secs: () => format(when, { hour: "numeric", minute: "2-digit", second: "2-digit" }),
  };
  return pattern.replace(/\{(\w+)\}/g, (all, name) => parts[name]?.() ?? all);
}

function bracket(inner) {
  const [target, ...rest] = inner.split("|");
  const label = unescape(rest.join("|"));
  if (target.startsWith("@")) return mention(target.slice(1));
  if (target.startsWith("#")) return channelLink(target.slice(1));
  if (target.startsWith("!date^")) {
    const [, timestamp, pattern, url] = target.split("^");
    const words = h("time", { class: "date" }, date(timestamp, pattern));
    return url ? link(unescape(url), words) : words;
  }
  if (target.startsWith("!")) return broadcast(label || target.slice(1).split("^")[0]);
  return link(unescape(target), label || unescape(target));
}

const INLINE = new RegExp(
  [
    "<([^<>\\n]+)>",
    "`([^`\\n]+)`",
    "(?<![\\p{L}\\p{N}*])\\*(?=\\S)([^*\\n]*[^*\\s])\\*(?![\\p{L}\\p{N}*])",
    "(?<![\\p{L}\\p{N}_])_(?=\\S)([^_\\n]*[^_\\s])_(?![\\p{L}\\p{N}_])",
    "(?<![\\p{L}\\p{N}~])~(?=\\S)([^~\\n]*[^~\\s])~(?![\\p{L}\\p{N}~])",
  ].join("|"),
  "gu",
);

function inline(text) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    const [whole, target, code, bold, italic, strike] = match;
    nodes.push(...withEmoji(text.slice(from, match.index)));
    if (target !== undefined) nodes.push(bracket(target));
    else if (code !== undefined) nodes.push(h("code", {}, unescape(code)));
    else if (bold !== undefined) nodes.push(h("b", {}, inline(bold)));
    else if (italic !== undefined) nodes.push(h("i", {}, inline(italic)));
    else nodes.push(h("s", {}, inline(strike)));
    from = match.index + whole.length;
  }
  nodes.push(...withEmoji(text.slice(from)));
  return nodes;
}

export function mrkdwn(text) {
  const nodes = [];
  for (const [index, part] of text.split(/```\n?([\s\S]*?)```\n?/).entries()) {
    if (index % 2) nodes.push(h("pre", {}, unescape(part)));
    else if (part) nodes.push(...quoted(part));
  }
  return nodes;
}

function quoted(text) {
  const nodes = [];
  for (const run of text.match(/(?:^(?:&gt;|>) ?.*(?:\n|$))+|(?:^(?!&gt;|>).*(?:\n|$))+/gm) ?? []) {
    if (/^(&gt;|>)/.test(run)) {
      const lines = run
        .replace(/\n$/, "")
        .split("\n")
        .map((line) => line.replace(/^(&gt;|>) ?/, ""));
      nodes.push(h("blockquote", {}, inline(lines.join("\n"))));
    } else nodes.push(...inline(run));
  }
  return nodes;
}

export function textOf(object) {
  if (object.type === "mrkdwn") return mrkdwn(object.text);
  return object.emoji === false ? [object.text] : withEmoji(object.text.replace(/&(?!(?:lt|gt|amp);)/g, "&amp;"));
}

function styled(node, style = {}) {
  let result = node;
  for (const [name, tag] of [
    ["code", "code"],
    ["bold", "b"],
    ["italic", "i"],
    ["strike", "s"],
    ["underline", "u"],
  ]) {
    if (style[name]) result = h(tag, {}, result);
  }
  return result;
}

const SPANS = {
  text: (span) => span.text,
  link: (span) => link(span.url, span.text || span.url),
  emoji: (span) => emoji(span.name),
  user: (span) => mention(span.user_id),
  channel: (span) => channelLink(span.channel_id),
  usergroup: (span) => h("span", { class: "mention" }, `@${span.usergroup_id}`),
  broadcast: (span) => broadcast(span.range),
  color: (span) => span.value,
  date: (span) => date(span.timestamp, span.format),
};
const spans = (list) => list.map((span) => styled(SPANS[span.type](span), span.style));

export function richText(block) {
  return block.elements.map((part) => {
    if (part.type === "rich_text_preformatted") return h("pre", {}, spans(part.elements));
    if (part.type === "rich_text_quote") return h("blockquote", {}, spans(part.elements));
    if (part.type === "rich_text_list") {
      const tag = part.style === "ordered" ? "ol" : "ul";
      const style = `margin-left:${(part.indent ?? 0) * 1.6}em`;
      return h(
        tag,
        { style, start: part.offset ? part.offset + 1 : null },
        part.elements.map((item) => h("li", {}, spans(item.elements))),
      );
    }
    return h("div", { class: "words" }, spans(part.elements));
  });
}
