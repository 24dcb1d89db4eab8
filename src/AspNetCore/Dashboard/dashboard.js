"use strict";

// Everything that comes from the application is put on the page as text, never as markup.
(() => {
  const here = document.currentScript.src;
  const interval = 1000;
  const minute = 60_000;
  const shown = 2 * minute; // what charts reach back to

  const samples = [];
  let routes;

  const byId = (id) => document.getElementById(id);

  const element = (name, className, ...content) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...content);
    return made;
  };

  const drawn = (name, attributes, text) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text !== undefined) made.textContent = text;
    return made;
  };

  const states = {
    Up: { text: "● up", look: "good" },
    Lagging: { text: "▲ lagging", look: "warn" },
    Down: { text: "✕ down", look: "bad" },
    Unverified: { text: "? not asked yet", look: "warn" },
  };

  const changes = {
    NodeUp: (node) => `${node} is up`,
    NodeDown: (node) => `${node} is down`,
    NodeLagging: (node) => `${node} is lagging`,
    NodeUnfit: (node) => `${node} is up, but something is wrong with it`,
    NodeEjected: (node) => `${node} failed calls and gets no reads for a while`,
    NodeFull: (node) => `${node} takes no more connections`,
    PrimaryGone: () => "There is no primary: writes fail",
    PrimaryIs: (node) => `${node} is the primary now`,
    ReplicasGone: () => "No replica may serve reads",
    ReplicasBack: () => "Replicas serve reads again",
    NodesChanged: () => "The configuration changed",
    ClusterReplaced: () => "Another cluster has taken the place of the one before",
    HistoryUnclear: (node) => `${node} writes where another server may have written before: replicas serve no sessions`,
  };

  const consistencies = { Eventual: "eventual", ReadYourWrites: "read your writes", BoundedStaleness: "bounded", Strong: "strong" };

  const seconds = (value) =>
    value === null ? "not known" : value < 0.0005 ? "0 s" : value < 1 ? `${Math.round(value * 1000)} ms` : `${value.toFixed(value < 10 ? 1 : 0)} s`;
  const percent = (value) => `${Math.round(value)} %`;
  const rate = (value) => value >= 1000 ? Math.round(value).toLocaleString("en") : value.toFixed(value < 10 ? 1 : 0);
  const time = (text) => new Date(text).toLocaleTimeString("en-GB");

  // Changes nothing where nothing has changed: assistive technology reads out what does.
  const say = (target, text, className) => {
    if (target.textContent !== text) target.textContent = text;
    if (className !== undefined && target.className !== className) target.className = className;
  };

  function meter(label, value, mark) {
    const bar = element("span", "meter");
    bar.setAttribute("role", "meter");
    bar.setAttribute("aria-label", label);
    bar.setAttribute("aria-valuemin", "0");
    bar.setAttribute("aria-valuemax", "100");
    bar.setAttribute("aria-valuenow", String(Math.min(100, Math.round(value))));
    const fill = element("span", "fill");
    fill.style.width = `${Math.min(100, value)}%`;
    bar.append(fill);
    if (mark !== undefined) {
      const line = element("span", "mark");
      line.style.left = `calc(${Math.min(100, mark)}% - 1px)`;
      bar.append(line);
    }

    return bar;
  }

  function card(node, state) {
    const isPrimary = node.name === state.primary;
    const look = states[node.state];
    const role = isPrimary ? "primary" : node.role === "Primary" ? "primary, not in use" : "replica";
    const facts = element("dl");
    const fact = (name, value) => facts.append(element("dt", "", name), element("dd", "", value));
    if (node.role !== node.configured_role) fact("Configured as", node.configured_role.toLowerCase());
    if (node.server_version) fact("PostgreSQL", node.server_version.split(" ")[0]);
    if (node.host) fact("Address", `${node.host}:${node.port}`);
    if (node.group) fact("Group", node.group);
    if (!isPrimary) fact("Weight", String(node.weight));
    if (!isPrimary && node.role === "Replica" && node.state !== "Down") fact("Lag", seconds(node.lag_seconds));
    if (node.round_trip_ms !== null) fact("Round trip", `${node.round_trip_ms.toFixed(1)} ms`);
    if (node.last_checked) fact("Asked", `${Math.max(0, (new Date(state.timestamp) - new Date(node.last_checked)) / 1000).toFixed(1)} s ago`);
    fact("Connections", `${node.checked_out} in use, ${node.open} open, ${node.max_pool_size} at most`);
    const made = element(
      "li", `node ${look.look}`,
      element("div", "top", element("h3", "", node.name), element("span", "badge", role), element("span", `badge ${look.look}`, look.text)),
      facts,
      meter(`Pool of ${node.name} in use`, node.utilization_percent));
    if (node.problem) made.append(element("p", "note", node.problem));
    made.dataset.node = node.name;
    made.dataset.state = node.state;
    return made;
  }

  function topology(state) {
    const main = state.nodes.find((node) => node.name === state.primary) ?? state.nodes.find((node) => node.configured_role === "Primary");
    byId("primary").replaceChildren(card(main, state));
    byId("replicas").replaceChildren(...state.nodes.filter((node) => node !== main).map((node) => card(node, state)));
  }

  // The next of 1, 2, 5, 10 ... that holds the value.
  function ceiling(value) {
    const power = 10 ** Math.floor(Math.log10(value));
    return [1, 2, 5, 10].map((step) => step * power).find((top) => top >= value * 0.999999);
  }

  function chart(id, names, valueOf, least, most, label, limit) {
    const svg = byId(id);
    const width = svg.clientWidth, height = svg.clientHeight;
    const left = 52, right = 4, top = 8, bottom = 20;
    const all = samples.map((sample) => names.map((name) => valueOf(sample, name)));
    const highest = Math.min(most, ceiling(Math.max(least, ...all.flat().filter((value) => value !== null))));
    const y = (value) => top + (height - top - bottom) * (1 - Math.min(1, value / highest));
    const newest = samples[samples.length - 1].at;
    const x = (at) => width - right - (width - left - right) * (newest - at) / shown;
    const parts = [];
    for (const part of [0, 0.5, 1]) {
      const at = y(highest * part);
      parts.push(drawn("line", { class: "grid", x1: left, x2: width - right, y1: at, y2: at }));
      parts.push(drawn("text", { x: left - 6, y: at + 4, "text-anchor": "end" }, label(highest * part)));
    }

    parts.push(drawn("text", { x: left, y: height - 4 }, "2 min ago"), drawn("text", { x: width - right, y: height - 4, "text-anchor": "end" }, "now"));
    if (limit !== undefined && limit <= highest) parts.push(drawn("line", { class: "limit", x1: left, x2: width - right, y1: y(limit), y2: y(limit) }));
    names.forEach((name, index) => {
      let line = "", isOpen = false;
      all.forEach((values, i) => {
        const value = values[index];
        if (value !== null) line += `${isOpen ? "L" : "M"}${x(samples[i].at).toFixed(1)} ${y(value).toFixed(1)}`;
        isOpen = value !== null;
      });
      if (line) parts.push(drawn("path", { class: `line s${index % 6}`, d: line, "stroke-linejoin": "round" }));
    });
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.replaceChildren(...parts);
  }

  function legend(id, svg, entries, title) {
    byId(id).replaceChildren(...entries.map(([index, text]) => {
      const swatch = drawn("svg", { "aria-hidden": "true", viewBox: "0 0 32 10" });
      swatch.append(drawn("path", { class: `line s${index % 6}`, d: "M0 5H32" }));
      return element("li", "", swatch, text);
    }));
    byId(svg).setAttribute("aria-label", `${title}: ${entries.map(([, text]) => text).join(", ")}`);
  }

  function charts(state) {
    const names = state.nodes.map((node) => node.name);
    const found = (sample, name) => sample.nodes.get(name);
    const lag = (sample, name) => {
      const node = found(sample, name);
      return node && node.role === "Replica" && node.state !== "Down" ? node.lag_seconds : null;
    };
    chart("lag", names, lag, 0.01, Infinity, seconds, state.lag_threshold_seconds);
    legend("lag-legend", "lag", state.nodes.map((node, i) => [i, node]).filter(([, node]) => node.role === "Replica")
      .map(([i, node]) => [i, `${node.name} ${node.state === "Down" ? "down" : seconds(node.lag_seconds)}`]), `Lag by replica, limit ${seconds(state.lag_threshold_seconds)}`);
    chart("pools", names, (sample, name) => found(sample, name)?.utilization_percent ?? null, 10, Infinity, percent);
    legend("pools-legend", "pools", state.nodes.map((node, i) => [i, `${node.name} ${percent(node.utilization_percent)}`]), "Pool in use by node");
  }

  // What is asked of replicas: it changes with those that are up.
  const askedOf = (state) => JSON.stringify(state.nodes.filter((node) => node.state === "Up").map((node) => [node.name, node.role, node.group, node.weight]));

  // The last minute, as far as it was the same that was asked of them. Counts can go back: a node that left and joined again
  // begins anew.
  function ratesOf(state) {
    const newest = samples[samples.length - 1];
    const same = samples.findLastIndex((sample) => sample.asked !== newest.asked || newest.at - sample.at > minute) + 1;
    const first = samples[Math.max(0, Math.min(same, samples.length - 2))];
    const time = Math.max(1, new Date(state.timestamp) - first.at) / 1000;
    return state.nodes.map((node) => {
      const before = first.nodes.get(node.name) ?? node;
      return { node, reads: Math.max(0, node.reads - before.reads) / time, writes: Math.max(0, node.writes - before.writes) / time };
    });
  }

  function reads(state) {
    const rates = ratesOf(state);
    const isReplica = (node) => node.name !== state.primary && node.role === "Replica";
    const sum = (list, value) => list.reduce((total, each) => total + value(each), 0);
    byId("reads").tBodies[0].replaceChildren(...rates.map((each) => {
      const { node } = each;
      const peers = rates.filter((other) => isReplica(node) ? isReplica(other.node) && other.node.group === node.group : true);
      const total = sum(peers, (other) => other.reads);
      const share = total > 0 ? 100 * each.reads / total : 0;
      const fit = peers.filter((other) => other.node.state === "Up");
      const weights = sum(fit, (other) => other.node.weight);
      const asked = isReplica(node) ? (fit.includes(each) && weights > 0 ? 100 * node.weight / weights : 0) : undefined;
      const text = isReplica(node) ? `${percent(share)}, by weight ${percent(asked)}` : `${percent(share)} of all`;
      return element(
        "tr", "",
        Object.assign(element("th", "", node.name), { scope: "row" }),
        element("td", "", text, meter(`Reads of ${node.name}: ${text}`, share, asked)),
        element("td", "number", rate(each.reads)),
        element("td", "number", rate(each.writes)));
    }));
  }

  let newestChange = "";

  function recent(state) {
    const key = JSON.stringify(state.changes[0] ?? null) + state.changes.length;
    if (key === newestChange) return;
    newestChange = key;
    const entries = state.changes.map((change) => {
      const at = element("time", "", time(change.at));
      at.dateTime = change.at;
      const entry = element("li", "", at, (changes[change.kind] ?? (() => change.kind))(change.node));
      if (change.detail) entry.append(element("span", "soft", change.detail));
      return entry;
    });
    byId("changes").replaceChildren(...(entries.length > 0 ? entries : [element("li", "soft", "None since the application started.")]));
  }

  function head(state) {
    const looks = {
      Healthy: ["● healthy", "good"],
      Degraded: ["▲ degraded", "warn"],
      Unhealthy: state.primary ? ["? primary not asked yet", "warn"] : ["✕ no primary", "bad"],
    };
    const [text, look] = looks[state.status];
    say(byId("status"), text, `badge ${look}`);
    const up = state.nodes.filter((node) => node.name !== state.primary && node.state === "Up").length;
    const others = state.nodes.filter((node) => node.name !== state.primary).length;
    const primary = state.primary ? `Writes go to ${state.primary}` : state.primary_gone_since ? `Writes fail since ${time(state.primary_gone_since)}` : "Writes fail";
    say(byId("summary"), `${primary}; ${state.read_replicas_enabled ? `${up} of ${others} replicas serve reads` : "reads go there, too"}.`);
    byId("asked").textContent = time(state.timestamp);
  }

  function show(state) {
    const sample = { at: +new Date(state.timestamp), asked: askedOf(state), nodes: new Map(state.nodes.map((node) => [node.name, node])) };
    samples.push(sample);
    while (sample.at - samples[0].at > shown) samples.shift();
    head(state);
    topology(state);
    charts(state);
    reads(state);
    recent(state);
  }

  async function get(name) {
    const response = await fetch(new URL(name, here), { cache: "no-store", credentials: "same-origin", signal: AbortSignal.timeout(5000) });
    if (response.status === 401 || response.status === 403 || response.redirected) throw new Error("✕ not allowed: sign in again");
    if (!response.ok) throw new Error(`✕ the application answered ${response.status}`);
    return response.json();
  }

  async function poll() {
    const begun = performance.now();
    const state = document.hidden ? null : await ask();
    setTimeout(poll, Math.max(100, interval - (performance.now() - begun)));
    if (state) show(state);
  }

  async function ask() {
    try {
      if (!routes) listRoutes(await get("routes"));
      return await get("state");
    } catch (error) {
      say(byId("status"), error.message.startsWith("✕") ? error.message : "✕ no answer from the application", "badge bad");
      return null;
    }
  }

  function row(route) {
    const dot = route.name.lastIndexOf(".", route.name.lastIndexOf(".") - 1);
    const name = element("th", "", route.name.slice(dot + 1));
    name.scope = "row";
    if (dot > 0) name.append(element("span", "soft", route.name.slice(0, dot)));
    const bound = route.consistency === "BoundedStaleness" && route.max_lag_seconds > 0 ? `, ${seconds(route.max_lag_seconds)}` : "";
    const again = route.serialization_retries > 0 ? `yes, after conflicts up to ${route.serialization_retries} times` : route.retry ? "yes" : "no";
    const cell = (label, text) => {
      const made = element("td", text ? "" : "none", text || "–");
      made.dataset.label = label;
      return made;
    };
    return element(
      "tr", "", name,
      cell("Intent", route.is_read ? "read" : route.transaction ? "write, transaction" : "write"),
      cell("Consistency", route.is_read ? `${consistencies[route.consistency] ?? route.consistency}${bound}` : ""),
      cell("Group", route.group),
      cell("Reads", route.reads),
      cell("Writes", route.writes),
      cell("Tried again", again),
      cell("Leaves session clean", route.leaves_session_clean ? "proved" : "not proved"));
  }

  function listRoutes(list) {
    routes = list.map(row);
    byId("routes").tBodies[0].replaceChildren(...routes);
    find();
  }

  function find() {
    const words = byId("find").value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const route of routes) {
      const text = [...route.children].map((cell) => cell.textContent).join(" ").toLowerCase();
      route.hidden = !words.every((word) => text.includes(word));
      if (!route.hidden) count++;
    }

    say(byId("found"), `${count} of ${routes.length}`);
  }

  byId("find").addEventListener("input", () => routes && find());
  poll();
})();
