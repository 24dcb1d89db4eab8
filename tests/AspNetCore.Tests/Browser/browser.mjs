// Drives a browser for the tests: a command in JSON on each line of the input, an answer in JSON on each line of the output.
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { chromium } from "playwright-core";

const browser = await chromium.launch({ executablePath: process.argv[2], args: ["--no-sandbox", "--disable-dev-shm-usage"] });
const context = await browser.newContext();
const page = await context.newPage();
const problems = [];
const requests = new Set();

page.on("console", (message) => { if (["error", "warning"].includes(message.type())) problems.push(message.text()); });
page.on("pageerror", (error) => problems.push(String(error)));
page.on("request", (request) => { if (!request.url().startsWith("data:")) requests.add(new URL(request.url()).origin); });

const commands = {
  open: async ({ url }) => { await page.goto(url); },
  look: async ({ width, height, scheme }) => {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: scheme });
  },
  eval: ({ code }) => page.evaluate(code),
  wait: async ({ code, timeout }) => {
    // Not waitForFunction: the page's own policy forbids what it does.
    for (const end = Date.now() + timeout; !(await page.evaluate(code)); await setTimeout(20))
      if (Date.now() > end) throw new Error(`It never came to be: ${code}`);
  },
  fill: async ({ selector, text }) => { await page.fill(selector, text); },
  shot: async ({ path, full }) => { await page.screenshot({ path, fullPage: full }); },
  problems: () => problems,
  origins: () => [...requests],
};

process.stdout.write('{"value":"ready"}\n');
for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  let answer;
  try {
    answer = { value: (await commands[command.do](command)) ?? null };
  } catch (error) {
    answer = { error: String(error) };
  }

  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

await browser.close();
