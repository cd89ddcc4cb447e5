import { defineConfig } from '@playwright/test'
import { findBrowser } from './scripts/browser.mjs'

/** The browser tests drive the product as `npm start` runs it; each test file starts its own on a data folder of its own. */
export default defineConfig({
  testDir: 'tests/e2e',
  globalSetup: './tests/drivers/prepare-run.ts',
  timeout: 240_000,
  expect: { timeout: 30_000 },
  // Most of a test is waiting (for a save, for a training): two files at once take little longer than one.
  workers: 2,
  reporter: [['list']],
  outputDir: 'test-results',
  use: {
    actionTimeout: 30_000,
    launchOptions: {
      executablePath: findBrowser() ?? undefined,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
    viewport: { width: 1440, height: 900 },
    locale: 'zh-CN',
    screenshot: 'only-on-failure',
    // A trace takes the whole page at each step: twice the time on a canvas of 87 blocks. `--trace on` where one is wanted.
    trace: 'off',
  },
})
