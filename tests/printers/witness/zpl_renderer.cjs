// Draws ZPL by zpl-renderer-js for as long as its input lasts: a question a line, an answer a line, both JSON.
"use strict";

const readline = require("node:readline");

// The renderer's own remarks must not stand among the answers.
console.log = console.info = console.debug = console.warn = console.error;

async function answer(api, line) {
  const { zpl, widthMm, heightMm, dpmm } = JSON.parse(line);
  const text = Buffer.from(zpl, "base64").toString("utf8");
  try {
    return { png: await api.zplToBase64Async(text, widthMm, heightMm, dpmm) };
  } catch (error) {
    return { error: String(error?.message ?? error) };
  }
}

async function main() {
  const { api } = await require("zpl-renderer-js").ready;
  for await (const line of readline.createInterface({ input: process.stdin })) {
    process.stdout.write(JSON.stringify(await answer(api, line)) + "\n");
  }
  process.exit(0); // The renderer's engine would run on.
}

main();
