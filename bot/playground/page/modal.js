// Modals: the top of the person's stack, its field errors, submitting, going back, closing.

import { renderBlock } from "./blocks.js";
import { h, icon, post, toast } from "./dom.js";
import { Scope } from "./elements.js";
import { store } from "./store.js";
import { textOf } from "./text.js";

let dialog = null;
let shown = null;

function banner(text) {
  const node = dialog?.querySelector(".banner");
  if (!node) return toast(text);
  node.textContent = text;
  return node.scrollIntoView({ block: "nearest" });
}
export const trouble = (text) => banner(text);

function setErrors(errors) {
  for (const field of dialog.querySelectorAll(".field")) {
    const text = errors[field.dataset.block] ?? "";
    field.querySelector(".error").textContent = text;
    field.classList.toggle("wrong", Boolean(text));
    const control = field.querySelector("input, textarea");
    if (control) control.setAttribute("aria-invalid", String(Boolean(text)));
  }
  banner(errors[""] ?? "");
  dialog.querySelector(".wrong input, .wrong textarea")?.focus();
}

async function submit(event) {
  event.preventDefault();
  const pressed = dialog.querySelector("[data-testid=modal-submit]");
  if (!pressed || pressed.disabled) return;
  pressed.disabled = true;
  pressed.classList.add("busy");
  try {
    const { id } = shown;
    const { errors } = await post("submit", { person: store.me, view: id, values: store.entered.get(id) ?? {} });
    if (dialog && shown?.id === id) setErrors(errors);
  } catch (error) {
    banner(error.message);
  }
  pressed.disabled = false;
  pressed.classList.remove("busy");
}

const close = (all) => post("close", { person: store.me, view: shown.id, all }).catch((error) => banner(error.message));

function content(view) {
  const scope = new Scope({ view: view.id }, view.state.values);
  return h(
    "form",
    { novalidate: true, onsubmit: submit },
    h(
      "header",
      {},
      h("span", { class: "avatar app small", "aria-hidden": "true" }),
      h("h2", { id: "modal-title" }, textOf(view.title)),
      h(
        "button",
        { type: "button", class: "icon", "aria-label": "Close", "data-testid": "modal-x", onclick: () => close(true) },
        icon("close"),
      ),
    ),
    h(
      "div",
      { class: "body" },
      h("div", { class: "banner", role: "alert", "data-testid": "modal-error" }),
      view.blocks.map((block) => renderBlock(block, scope)),
    ),
    h(
      "footer",
      {},
      h(
        "button",
        { type: "button", class: "btn", "data-testid": "modal-close", onclick: () => close(false) },
        view.close ? textOf(view.close) : store.views.length > 1 ? "Back" : "Cancel",
      ),
      view.submit
        ? h("button", { type: "submit", class: "btn primary", "data-testid": "modal-submit" }, textOf(view.submit))
        : null,
    ),
  );
}

// Keep the reader's place when an update redraws the form: scroll position and focused control.
function redraw(view) {
  const focused = dialog.contains(document.activeElement) ? document.activeElement : null;
  const mark = focused?.dataset.testid;
  const field = focused?.closest("[data-block-id]")?.dataset.blockId;
  const range = focused && "selectionStart" in focused ? [focused.selectionStart, focused.selectionEnd] : null;
  const scroll = dialog.querySelector(".body")?.scrollTop ?? 0;
  const same = shown?.id === view.id;
  shown = view;
  dialog.replaceChildren(content(view));
  if (!same) return firstFocus();
  dialog.querySelector(".body").scrollTop = scroll;
  const scopes = field
    ? [...dialog.querySelectorAll("[data-block-id]")].filter((each) => each.dataset.blockId === field)
    : [dialog];
  const again =
    mark &&
    scopes
      .map((each) => [...each.querySelectorAll("[data-testid]")].find((node) => node.dataset.testid === mark))
      .find(Boolean);
  if (!again) return firstFocus();
  again.focus();
  if (range && range[0] !== null && again.setSelectionRange && again.type !== "number")
    again.setSelectionRange(...range);
  return undefined;
}

function firstFocus() {
  const wanted =
    dialog.querySelector("[autofocus]") ??
    dialog.querySelector(".body input, .body textarea, .body button") ??
    dialog.querySelector("footer .btn:last-child");
  wanted?.focus({ preventScroll: true });
}

export function showViews() {
  const view = store.views.at(-1);
  if (!view) {
    dialog?.close();
    dialog?.remove();
    dialog = shown = null;
    return;
  }
  if (!dialog) {
    dialog = h("dialog", {
      class: "modal",
      "data-testid": "modal",
      "aria-labelledby": "modal-title",
      oncancel: (event) => {
        event.preventDefault();
        close(true);
      },
    });
    document.body.append(dialog);
    dialog.showModal();
  }
  redraw(view);
}
