// How long the frames of a board of 300 students x 40 weeks last while it is scrolled by the wheel, in real Chromium: each
// difference of two animation frames, down and across, at each of the three sizes, beside an empty page in the same run. Of three
// runs the one with the shortest longest frame, for other work on the machine only ever adds; the main thread's CPU beside it.
// usage: node bench/board/frames.mjs   (INTERNBASE=PROGRAM; Chromium and tests/browser's packages are needed)
import { spawnSync } from "node:child_process";
import { Site } from "../../tests/browser/lib.mjs";

const site = new Site();
try {
  site.run("init", "--office", "陈静");
  site.lines(spawnSync("python3", ["tests/data/big_base.py", "300", "40"], { encoding: "utf8", maxBuffer: 1 << 26 }).stdout);
  site.act("plan_make", { cohort_id: 1, seconds: 200 }, "--as", "secretary");
  site.run("work");
  await site.open({ today: "2027-04-07" });
  const context = await site.signedIn("陈静"), page = await context.newPage();

  const cdp = await context.newCDPSession(page);
  await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
  const cpu_s = async () => (await cdp.send("Performance.getMetrics")).metrics.find((m) => m.name === "TaskDuration").value;

  // Frames while the wheel turns: by the browser's own clock of animation frames.
  async function once(deltaX, deltaY, turns) {
    const before = await cpu_s();
    await page.evaluate(() => {
      window.frames_ms = [];
      let last = null;
      const tick = (now) => { if (last !== null) window.frames_ms.push(now - last); last = now; if (window.frames_ms) requestAnimationFrame(tick); };
      requestAnimationFrame(tick);
    });
    for (let i = 0; i < turns; i++) {
      await page.mouse.wheel(deltaX, deltaY);
      await page.waitForTimeout(16);
    }
    await page.waitForTimeout(200);
    const ms = await page.evaluate(() => { const f = window.frames_ms; window.frames_ms = null; return f; });
    return { ms: ms.sort((a, b) => a - b), cpu: ((await cpu_s()) - before) * 1000 / ms.length };
  }
  async function frames(deltaX, deltaY, turns) {
    const runs = [];
    for (let i = 0; i < 3; i++) {
      await page.evaluate((up) => { const box = document.querySelector(".board-scroll") ?? document.scrollingElement; box.scrollTo(0, up ? box.scrollHeight : 0); }, deltaY < 0);
      await page.waitForTimeout(200);
      runs.push(await once(deltaX, deltaY, turns));
    }
    return runs.sort((a, b) => a.ms.at(-1) - b.ms.at(-1))[0];
  }
  const row = (name, { ms: f, cpu }) => {
    const at = (q) => f[Math.min(f.length - 1, Math.floor(f.length * q))].toFixed(1);
    console.log(`| ${name} | ${f.length} | ${at(0.5)} | ${at(0.99)} | ${at(1)} | ${f.filter((x) => x > 50).length} | ${cpu.toFixed(2)} |`);
  };
  console.log("| what | frames | median ms | 99 % ms | longest ms | above 50 ms | CPU ms a frame |\n|---|---|---|---|---|---|---|");
  await page.setContent("<div style='height:100000px'></div>");
  await page.mouse.move(400, 500);
  row("floor: an empty page", await frames(0, 120, 120));
  for (const zoom of [1, 2, 3]) {
    await page.goto(`${site.base}/board/1?zoom=${zoom}`);
    await page.locator(".board-scroll").scrollIntoViewIfNeeded();
    const box = await page.locator(".board-scroll").boundingBox();
    await page.mouse.move(box.x + 400, box.y + 200);
    row(`size ${zoom}, down`, await frames(0, 120, 120));
    row(`size ${zoom}, up, fast`, await frames(0, -900, 40));
    row(`size ${zoom}, across`, await frames(60, 0, 60));
  }
  const count = await page.evaluate(() => document.querySelectorAll("#board *").length);
  console.log(`\n${count} elements in the table`);
  await context.close();
} finally {
  await site.close();
}
