// One select for all of Slack's select menus: one or several, given options or asked for.

import { h, icon, unique } from "./dom.js";

// choices: {key, label, description, group}; load(query) gives a list of them (or a promise).
export function combobox({ label, testid, placeholder, several, picked, load, change, clearable, asks, least = 0 }) {
  const listId = unique("list");
  let chosen = [...picked];
  let shown = [];
  let active = -1;
  let asked = 0;
  let timer;

  const input = h("input", {
    role: "combobox",
    "aria-label": label,
    "aria-expanded": "false",
    "aria-controls": listId,
    "aria-autocomplete": "list",
    autocomplete: "off",
    spellcheck: "false",
    "data-testid": testid,
    oninput: () => (asks ? ((timer = clearTimeout(timer)), (timer = setTimeout(open, 120))) : open()),
    onkeydown: keys,
    onblur: leave,
    onclick: () => {
      if (!several) input.select();
      open();
    },
  });
  const chips = h("span", { class: "chips" });
  const clear = h(
    "button",
    {
      type: "button",
      class: "icon small",
      "aria-label": `Clear ${label}`,
      onclick: () => {
        chosen = [];
        settle();
        input.focus();
      },
    },
    icon("close"),
  );
  const list = h("ul", {
    id: listId,
    role: "listbox",
    "aria-label": label,
    "aria-multiselectable": several ? "true" : null,
    class: "options",
    popover: "manual",
  });
  const box = h(
    "div",
    {
      class: several ? "select several" : "select",
      onmousedown: (event) => {
        if (event.target === box || event.target === chips) {
          event.preventDefault();
          input.focus();
          open();
        }
      },
    },
    chips,
    input,
    clearable ? clear : null,
    icon("down"),
  );
  const root = h("div", { class: "select-root" }, box, list);

  function draw() {
    chips.replaceChildren(
      ...(several
        ? chosen.map((each) =>
            h(
              "span",
              { class: "chip", "data-testid": "chip" },
              each.label,
              h(
                "button",
                {
                  type: "button",
                  "aria-label": `Remove ${each.label}`,
                  onclick: () => {
                    chosen = chosen.filter((other) => other !== each);
                    settle();
                  },
                },
                icon("close"),
              ),
            ),
          )
        : []),
    );
    input.value = several ? "" : (chosen[0]?.label ?? "");
    input.placeholder = several && chosen.length ? "" : placeholder;
    clear.hidden = !chosen.length;
  }
  function settle() {
    draw();
    change(several ? chosen : (chosen[0] ?? null));
  }
  async function open() {
    const typed = several || input.value !== chosen[0]?.label ? input.value.trim() : "";
    const turn = ++asked;
    if (typed.length < least) return fill([], `Type at least ${least} character${least > 1 ? "s" : ""}`);
    if (asks) fill([], "Loading…");
    const found = await load(typed);
    return turn === asked && document.activeElement === input && fill(found, "No results");
  }
  function fill(found, nothing) {
    shown = several ? found.filter((each) => !chosen.some((other) => other.key === each.key)) : found;
    active = Math.max(
      0,
      shown.findIndex((each) => each.key === chosen[0]?.key),
    );
    let group;
    const rows = shown.flatMap((each, index) => {
      const row = h(
        "li",
        {
          role: "option",
          id: `${listId}-${index}`,
          "data-testid": `option:${each.key}`,
          "aria-selected": String(each.key === chosen[0]?.key),
          onmousedown: (event) => event.preventDefault(),
          onclick: () => pick(index),
          onmousemove: () => mark(index),
        },
        h("span", {}, each.label),
        each.description ? h("small", {}, each.description) : null,
      );
      const title =
        each.group && each.group !== group
          ? [h("li", { role: "presentation", class: "group" }, (group = each.group))]
          : [];
      return [...title, row];
    });
    list.replaceChildren(...(rows.length ? rows : [h("li", { class: "none", role: "presentation" }, nothing)]));
    if (!list.matches(":popover-open")) list.showPopover();
    place();
    input.setAttribute("aria-expanded", "true");
    mark(active);
  }
  function place() {
    const rect = box.getBoundingClientRect();
    const below = window.innerHeight - rect.bottom - 12;
    const height = Math.min(list.scrollHeight + 2, 280);
    const up = below < Math.min(height, 160) && rect.top > below;
    const most = Math.min(280, up ? rect.top - 12 : below);
    Object.assign(list.style, {
      left: `${rect.left}px`,
      width: `${rect.width}px`,
      maxHeight: `${most}px`,
      top: up ? "auto" : `${rect.bottom + 4}px`,
      bottom: up ? `${window.innerHeight - rect.top + 4}px` : "auto",
    });
  }
  function mark(index) {
    active = index;
    for (const row of list.querySelectorAll("[role=option]"))
      row.classList.toggle("active", row.id === `${listId}-${index}`);
    const row = document.getElementById(`${listId}-${index}`);
    if (row) input.setAttribute("aria-activedescendant", row.id);
    else input.removeAttribute("aria-activedescendant");
    row?.scrollIntoView({ block: "nearest" });
  }
  function shut() {
    asked++;
    if (list.matches(":popover-open")) list.hidePopover();
    list.replaceChildren();
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }
  function pick(index) {
    const choice = shown[index];
    if (!choice) return;
    chosen = several ? [...chosen, choice] : [choice];
    shut();
    settle();
    if (several) input.focus();
  }
  function leave() {
    shut();
    draw();
  }
  function keys(event) {
    const expanded = input.getAttribute("aria-expanded") === "true";
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (expanded) mark((active + (event.key === "ArrowDown" ? 1 : shown.length - 1)) % Math.max(1, shown.length));
      else open();
    } else if (event.key === "Enter" && expanded) {
      event.preventDefault();
      pick(active);
    } else if (event.key === "Escape" && expanded) {
      event.preventDefault();
      event.stopPropagation();
      shut();
    } else if (event.key === "Backspace" && !input.value && several && chosen.length) {
      chosen = chosen.slice(0, -1);
      settle();
    }
  }
  draw();
  return root;
}
