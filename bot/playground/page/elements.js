// Interactive elements. `scope` is the message or view they are in: it keeps what was entered.

import { combobox } from "./combobox.js";
import { h, icon, post, toast, unique } from "./dom.js";
import { author, channelName, me, store } from "./store.js";
import { link, textOf } from "./text.js";

export class Scope {
  constructor(where, values = {}) {
    this.where = where;
    const key = where.view ?? where.ts;
    if (!store.entered.has(key)) store.entered.set(key, {});
    this.local = store.entered.get(key);
    this.known = values;
  }
  get(block, element, initial) {
    const value = this.local[block.block_id]?.[element.action_id] ?? this.known[block.block_id]?.[element.action_id];
    return value?.type === element.type ? value : initial;
  }
  // Keep a value; tell the app where Slack would.
  async set(block, element, value, tell = true) {
    const full = { type: element.type, ...value };
    (this.local[block.block_id] ??= {})[element.action_id] = full;
    if (tell && (block.type !== "input" || block.dispatch_action)) await this.press(block, element, full);
  }
  async press(block, element, value = {}, node = null) {
    if (element.confirm && !(await confirm(element.confirm))) return;
    node?.classList.add("busy");
    node?.setAttribute("aria-busy", "true");
    try {
      await post("press", { ...this.address(block, element), value, values: this.local });
    } catch (error) {
      toast(error.message);
    }
    node?.classList.remove("busy");
    node?.removeAttribute("aria-busy");
  }
  address(block, element) {
    return { person: store.me, ...this.where, block_id: block.block_id, action_id: element.action_id };
  }
}

function confirm(dialog) {
  return new Promise((resolve) => {
    const done = (yes) => {
      node.close();
      node.remove();
      resolve(yes);
    };
    const node = h(
      "dialog",
      {
        class: "modal confirm",
        "data-testid": "confirm",
        "aria-label": dialog.title.text,
        oncancel: () => done(false),
      },
      h("header", {}, h("h2", {}, textOf(dialog.title))),
      h("div", { class: "body" }, textOf(dialog.text)),
      h(
        "footer",
        {},
        h("button", { class: "btn", onclick: () => done(false) }, textOf(dialog.deny)),
        h(
          "button",
          { class: `btn ${dialog.style ?? "primary"}`, "data-testid": "confirm-yes", onclick: () => done(true) },
          textOf(dialog.confirm),
        ),
      ),
    );
    document.body.append(node);
    node.showModal();
  });
}

const testid = (element) => `action:${element.action_id}`;

function button(element, block, scope) {
  const attributes = {
    class: `btn ${element.style ?? ""}`,
    "data-testid": testid(element),
    "aria-label": element.accessibility_label,
  };
  const onclick = (event) => scope.press(block, element, {}, event.currentTarget);
  if (!element.url) return h("button", { type: "button", ...attributes, onclick }, textOf(element.text));
  const node = link(element.url, textOf(element.text));
  for (const [name, value] of Object.entries(attributes)) if (value) node.setAttribute(name, value);
  node.addEventListener("click", onclick);
  return node;
}

function overflow(element, block, scope) {
  const menu = h(
    "div",
    { class: "options menu", role: "menu", popover: "auto", id: unique("menu") },
    element.options.map((option) => {
      const choose = () => {
        menu.hidePopover();
        scope.press(block, element, { selected_option: { text: option.text, value: option.value } });
      };
      const row = { role: "menuitem", class: "item", "data-testid": `option:${option.value}`, onclick: choose };
      return option.url
        ? h("a", { ...row, href: option.url, target: "_blank", rel: "noopener noreferrer" }, textOf(option.text))
        : h("button", { type: "button", ...row }, textOf(option.text));
    }),
  );
  const opener = h(
    "button",
    {
      type: "button",
      class: "btn square",
      "aria-label": "More actions",
      "aria-haspopup": "menu",
      popovertarget: menu.id,
      "data-testid": testid(element),
    },
    icon("more"),
  );
  menu.addEventListener("toggle", () => {
    const rect = opener.getBoundingClientRect();
    Object.assign(menu.style, {
      left: `${Math.min(rect.left, window.innerWidth - 240)}px`,
      top: `${rect.bottom + 4}px`,
    });
  });
  return h("span", {}, opener, menu);
}

const fromOption = (group) => (option) => ({
  key: option.value,
  label: option.text.text,
  description: option.description?.text,
  group,
  raw: option,
});
function offered(element) {
  if (element.option_groups)
    return element.option_groups.flatMap((group) => group.options.map(fromOption(group.label.text)));
  return (element.options ?? []).map(fromOption());
}
const fromUser = (id) => ({ key: id, label: author(id).name, raw: id });
function fromChannel(id) {
  const channel = store.channels.get(id);
  const sign = channel && ["channel", "private"].includes(channel.kind) ? "# " : "";
  return { key: id, label: channel ? sign + channelName(channel) : id, raw: id };
}
const KINDS = { im: ["im", "app"], mpim: [], private: ["private"], public: ["channel"] };
function conversations(element) {
  const kinds = (element.filter?.include ?? Object.keys(KINDS)).flatMap((kind) => KINDS[kind]);
  const bots = !element.filter?.exclude_bot_users;
  return [...store.channels.values()]
    .filter((each) => kinds.includes(each.kind) && (bots || each.kind !== "app"))
    .map((each) => fromChannel(each.id));
}
const SELECTS = {
  static: { key: "option", wrap: fromOption(), all: offered },
  external: { key: "option", wrap: fromOption(), ask: true },
  users: { key: "user", wrap: fromUser, all: () => [...store.people.keys()].map(fromUser) },
  conversations: { key: "conversation", wrap: fromChannel, all: conversations },
  channels: {
    key: "channel",
    wrap: fromChannel,
    all: () =>
      [...store.channels.values()].filter((each) => each.kind === "channel").map((each) => fromChannel(each.id)),
  },
};

function select(element, block, scope, label) {
  const several = element.type.startsWith("multi_");
  const { key, wrap, all, ask } = SELECTS[element.type.replace("multi_", "").replace("_select", "")];
  const name = `selected_${key}${several ? "s" : ""}`;
  const initial = { [name]: element[`initial_${key}${several ? "s" : ""}`] };
  const value = scope.get(block, element, initial)[name];
  const find = async (query) => {
    if (ask) return offered(await post("suggest", { ...scope.address(block, element), query }));
    return all(element).filter((each) => each.label.toLowerCase().includes(query.toLowerCase()));
  };
  const raw = (choice) => (choice.raw.text ? { text: choice.raw.text, value: choice.raw.value } : choice.raw);
  return combobox({
    label,
    several,
    testid: testid(element),
    load: find,
    asks: ask,
    least: ask ? (element.min_query_length ?? 3) : 0,
    clearable: several || block.optional || block.type !== "input",
    placeholder: element.placeholder?.text ?? (several ? "Select options" : "Select an option"),
    picked: (several ? (value ?? []) : value ? [value] : []).map(wrap),
    change: (choice) => {
      const full = several && element.max_selected_items ? choice.slice(0, element.max_selected_items) : choice;
      scope.set(block, element, { [name]: several ? full.map(raw) : full && raw(full) });
    },
  });
}

function choices(element, block, scope, label) {
  const several = element.type === "checkboxes";
  const name = several ? "selected_options" : "selected_option";
  const first = several ? (element.initial_options ?? []) : element.initial_option;
  const value = scope.get(block, element, { [name]: first })[name];
  const picked = new Set((several ? (value ?? []) : value ? [value] : []).map((each) => each.value));
  const group = unique("group");
  const kept = (option) => ({ text: option.text, value: option.value });
  const change = (option, on) => {
    if (!several) return scope.set(block, element, { [name]: kept(option) });
    if (on) picked.add(option.value);
    else picked.delete(option.value);
    return scope.set(block, element, { [name]: element.options.filter((each) => picked.has(each.value)).map(kept) });
  };
  return h(
    "div",
    { class: "choices", role: several ? "group" : "radiogroup", "aria-label": label, "data-testid": testid(element) },
    element.options.map((option) =>
      h(
        "label",
        {},
        h("input", {
          type: several ? "checkbox" : "radio",
          name: group,
          checked: picked.has(option.value),
          "data-testid": `option:${option.value}`,
          onchange: (event) => change(option, event.target.checked),
        }),
        h("span", {}, textOf(option.text), option.description ? h("small", {}, textOf(option.description)) : null),
      ),
    ),
  );
}

function typed(element, block, scope, label) {
  const value = scope.get(block, element, { value: element.initial_value }).value ?? "";
  const on = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const attributes = {
    class: "text",
    "aria-label": label,
    placeholder: element.placeholder?.text,
    value,
    "data-testid": testid(element),
    maxlength: element.max_length,
    inputmode: element.type === "number_input" ? "decimal" : null,
    autofocus: element.focus_on_load,
    oninput: (event) =>
      scope.set(block, element, { value: event.target.value || null }, on.includes("on_character_entered")),
    onkeydown: (event) => {
      if (event.key !== "Enter" || element.multiline || !block.dispatch_action || !on.includes("on_enter_pressed"))
        return;
      event.preventDefault();
      scope.set(block, element, { value: event.target.value || null });
    },
  };
  if (element.multiline) return h("textarea", { ...attributes, rows: 4 });
  return h("input", { ...attributes, type: "text", autocomplete: "off" });
}

// The epoch second of a wall-clock time in a zone: guess in UTC, then correct by the zone's offset.
function epoch(local, zone) {
  const guess = Date.parse(`${local}Z`);
  const corrected = guess - (Date.parse(`${wall(guess, zone)}Z`) - guess);
  return Math.round((corrected - (Date.parse(`${wall(corrected, zone)}Z`) - guess)) / 1000);
}
const wall = (ms, zone) =>
  new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "short" })
    .format(new Date(ms))
    .replace(" ", "T");

const PICKERS = {
  datepicker: ["date", "selected_date", "initial_date"],
  timepicker: ["time", "selected_time", "initial_time"],
  datetimepicker: ["datetime-local", "selected_date_time", "initial_date_time"],
};
function picker(element, block, scope, label) {
  const [type, name, first] = PICKERS[element.type];
  const moment = type === "datetime-local";
  const value = scope.get(block, element, { [name]: element[first] })[name];
  const shown = value && moment ? wall(value * 1000, me().zone) : (value ?? "");
  const read = (text) => (text && moment ? epoch(text, me().zone) : text || null);
  return h("input", {
    class: "text picker",
    type,
    value: shown,
    "aria-label": label,
    "data-testid": testid(element),
    onchange: (event) => scope.set(block, element, { [name]: read(event.target.value) }),
  });
}

export function element(description, block, scope, label = "") {
  const { type } = description;
  const name = label || description.placeholder?.text || description.action_id;
  if (type === "button") return button(description, block, scope);
  if (type === "overflow") return overflow(description, block, scope);
  if (type.endsWith("_select")) return select(description, block, scope, name);
  if (type === "checkboxes" || type === "radio_buttons") return choices(description, block, scope, name);
  if (type in PICKERS) return picker(description, block, scope, name);
  if (["plain_text_input", "number_input", "email_text_input", "url_text_input"].includes(type))
    return typed(description, block, scope, name);
  throw new Error(`an element of type ${type}`);
}
