// Common emoji shortcodes; others are shown as they were written.

export const EMOJI = {
  alarm_clock: "⏰", arrow_down: "⬇️", arrow_left: "⬅️", arrow_right: "➡️", arrow_up: "⬆️", bangbang: "‼️",
  bar_chart: "📊", bell: "🔔", bell_off: "🔕", no_bell: "🔕", black_circle: "⚫", blue_circle: "🔵", large_blue_circle: "🔵",
  bookmark: "🔖", bug: "🐛", bulb: "💡", calendar: "📅", spiral_calendar_pad: "🗓️", chart_with_downwards_trend: "📉",
  chart_with_upwards_trend: "📈", clipboard: "📋", clock9: "🕘", eyes: "👀", exclamation: "❗", fire: "🔥",
  gear: "⚙️", globe_with_meridians: "🌐", green_circle: "🟢", large_green_circle: "🟢", grey_question: "❔", hourglass: "⌛",
  hourglass_flowing_sand: "⏳", heavy_check_mark: "✔️", inbox_tray: "📥", information_source: "ℹ️", lock: "🔒",
  large_orange_circle: "🟠", large_yellow_circle: "🟡", red_circle: "🔴", white_circle: "⚪", link: "🔗", mag: "🔍", memo: "📝",
  mailbox: "📫", no_entry: "⛔", no_entry_sign: "🚫", outbox_tray: "📤", page_facing_up: "📄", paperclip: "📎", pencil: "✏️",
  pencil2: "✏️", point_right: "👉", pushpin: "📌", question: "❓", repeat: "🔁", rocket: "🚀", rotating_light: "🚨",
  scissors: "✂️", smile: "😄", slightly_smiling_face: "🙂", sos: "🆘", sparkles: "✨", speech_balloon: "💬", star: "⭐",
  stopwatch: "⏱️", sunny: "☀️", sunrise: "🌅", tada: "🎉", telescope: "🔭", thinking_face: "🤔", thumbsup: "👍", "+1": "👍",
  thumbsdown: "👎", "-1": "👎", trophy: "🏆", unlock: "🔓", warning: "⚠️", wave: "👋", white_check_mark: "✅", wrench: "🔧",
  x: "❌", zap: "⚡", zzz: "💤", robot_face: "🤖", wastebasket: "🗑️", see_no_evil: "🙈", heart: "❤️", ok_hand: "👌",
};
