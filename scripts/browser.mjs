/**
 * Finds the system's Chromium for the browser tests; as root on Debian or Ubuntu it installs it. Prints where it is.
 */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const places = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
]

/** Path of a Chromium on this machine, or null. */
export function findBrowser() {
  return places.find((path) => path && existsSync(path)) ?? null
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (!findBrowser() && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log('Installing Chromium and a Chinese font with apt-get ...')
    const apt = (...args) =>
      execFileSync('apt-get', args, { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
    try {
      apt('install', '-y', '--no-install-recommends', 'chromium', 'fonts-noto-cjk')
    } catch {
      apt('update')
      apt('install', '-y', '--no-install-recommends', 'chromium', 'fonts-noto-cjk')
    }
  }
  const found = findBrowser()
  if (!found) {
    console.error('No Chromium found. Install Chromium, Chrome or Edge, or name one with CHROMIUM=/path/to/it.')
    process.exit(1)
  }
  console.log(`browser: ${found}`)
}
