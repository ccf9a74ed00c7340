// Where people type: Enter sends, a slash opens the list of commands.

import { h, icon, post, toast, unique } from "./dom.js";
import { channelName, store } from "./store.js";

const BUILTIN = { command: "/invite", description: "Add the app to this channel", usage_hint: "@app" };

export function composer(channel, thread = "") {
  const listId = unique("commands");
  let shown = [];
  let active = 0;
  const label = thread
    ? "Reply…"
    : `Message ${["channel", "private"].includes(channel.kind) ? "#" : ""}${channelName(channel)}`;
  const box = h("textarea", {
    rows: 1,
    placeholder: label,
    "aria-label": label,
    "data-testid": thread ? "reply-composer" : "composer",
    "aria-controls": listId,
    "aria-autocomplete": "list",
    oninput: typed,
    onkeydown: keys,
    onblur: () =>
      setTimeout(() => {
        list.hidden = true;
      }, 150),
  });
  const list = h("ul", {
    id: listId,
    role: "listbox",
    class: "commands",
    "aria-label": "Commands",
    "data-testid": "commands",
    hidden: true,
  });
  const usage = h("div", { class: "usage", hidden: true, "data-testid": "usage" });
  const sender = h(
    "button",
    {
      type: "button",
      class: "send",
      "aria-label": "Send now",
      "data-testid": thread ? "reply-send" : "send",
      disabled: true,
      onclick: send,
    },
    icon("send"),
  );
  const slash = h(
    "button",
    {
      type: "button",
      class: "slash",
      "aria-label": "Commands",
      title: "Commands",
      onclick: () => {
        box.value = "/";
        box.focus();
        typed();
      },
    },
    "/",
  );

  const known = () => [...store.commands, ...(channel.kind === "channel" ? [BUILTIN] : [])];

  function typed() {
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight, 200)}px`;
    sender.disabled = !box.value.trim();
    const text = box.value;
    shown =
      text.startsWith("/") && !/\s/.test(text) && !thread
        ? known().filter((each) => each.command.startsWith(text.toLowerCase()))
        : [];
    const current = text.startsWith("/") && known().find((each) => text.startsWith(`${each.command} `));
    usage.hidden = !current || !current.usage_hint;
    if (current) usage.replaceChildren(h("b", {}, current.command), ` ${current.usage_hint ?? ""}`);
    active = 0;
    draw();
  }
  function draw() {
    list.hidden = !shown.length;
    list.replaceChildren(...shown.map(commandRow));
    if (shown.length) {
      box.setAttribute("aria-activedescendant", `${listId}-${active}`);
      list.children[active].scrollIntoView({ block: "nearest" });
    } else box.removeAttribute("aria-activedescendant");
  }
  function commandRow(each, index) {
    const slack = each === BUILTIN;
    const words = h(
      "span",
      {},
      h("b", {}, each.command),
      " ",
      h("span", { class: "args" }, each.usage_hint),
      h("small", {}, each.description),
    );
    const props = {
      role: "option",
      id: `${listId}-${index}`,
      class: index === active ? "active" : "",
      "aria-selected": String(index === active),
    };
    const events = { onmousedown: (event) => event.preventDefault(), onclick: () => complete(each) };
    const sign = h("span", { class: `avatar small ${slack ? "slackbot" : "app"}`, "aria-hidden": "true" });
    const by = h("span", { class: "by" }, slack ? "Slack" : store.bot.name);
    return h("li", { ...props, ...events, "data-testid": `command:${each.command}` }, sign, words, by);
  }
  function complete(command) {
    box.value = `${command.command} `;
    box.focus();
    typed();
  }
  async function send() {
    const text = box.value.trim();
    if (!text) return;
    box.value = "";
    typed();
    try {
      await post("write", { person: store.me, channel: channel.id, text, thread });
    } catch (error) {
      toast(error.message);
    }
  }
  function keys(event) {
    if (!list.hidden && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      active = (active + (event.key === "ArrowDown" ? 1 : shown.length - 1)) % shown.length;
      draw();
    } else if (
      !list.hidden &&
      (event.key === "Tab" || (event.key === "Enter" && shown[active].command !== box.value))
    ) {
      event.preventDefault();
      complete(shown[active]);
    } else if (event.key === "Escape") {
      list.hidden = true;
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      send();
    }
  }
  return h(
    "div",
    { class: "composer" },
    list,
    usage,
    h(
      "div",
      { class: "box" },
      box,
      h(
        "div",
        { class: "tools" },
        thread ? null : slash,
        h(
          "span",
          { class: "hint" },
          h("b", {}, "Enter"),
          " to send · ",
          h("b", {}, "Shift + Enter"),
          " for a new line",
        ),
        sender,
      ),
    ),
  );
}
