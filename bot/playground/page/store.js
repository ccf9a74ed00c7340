// What this page knows: filled by the server's first event, kept true by the later ones.

export const store = {
  me: null,
  team: "",
  bot: {},
  slackbot: "",
  people: new Map(),
  channels: new Map(),
  messages: new Map(),
  whispers: new Map(),
  views: [],
  home: null,
  homeTab: false,
  commands: [],
  controls: false,
  sockets: 0,
  offset: 0,
  unread: new Set(),
  channel: null,
  thread: null,
  tab: "messages",
  entered: new Map(), // message ts or view id -> block_id -> action_id -> value
};

export const me = () => store.people.get(store.me);
export const now = () => new Date(Date.now() + store.offset);
export const dateOf = (ts) => new Date(Number.parseFloat(ts) * 1000);

export function format(date, options) {
  return new Intl.DateTimeFormat(me().locale, { timeZone: me().zone, ...options }).format(date);
}
export const clockTime = (date) => format(date, { hour: "numeric", minute: "2-digit" });
export const dayKey = (date) => new Intl.DateTimeFormat("en-CA", { timeZone: me().zone }).format(date);

export function dayName(date) {
  const key = dayKey(date);
  if (key === dayKey(now())) return "Today";
  if (key === dayKey(new Date(now() - 864e5))) return "Yesterday";
  return format(date, { weekday: "long", day: "numeric", month: "long" });
}

export function author(id) {
  if (id === store.bot.user_id) return { id, name: store.bot.name, app: true };
  if (id === store.slackbot) return { id, name: "Slackbot", app: true, slackbot: true };
  const person = store.people.get(id);
  return person ? { ...person, app: false } : { id, name: id, app: false };
}

export function channelName(channel) {
  if (channel.kind === "channel" || channel.kind === "private") return channel.name;
  return author(channel.with).name;
}

export function messagesOf(channel) {
  const real = [...(store.messages.get(channel)?.values() ?? [])];
  const own = [...store.whispers.values()].filter((each) => each.channel === channel && each.to === store.me);
  return [...real, ...own].sort((a, b) => (a.ts < b.ts ? -1 : 1));
}
export const isReply = (message) => message.thread_ts && message.thread_ts !== message.ts;
