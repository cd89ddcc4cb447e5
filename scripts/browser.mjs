/**
 * Finds the system's Chromium for the browser tests; as root on Debian or Ubuntu it installs it. Prints where it is.
 */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Chromium without windows: the same pages in little more than half of the time. */
const headless = '/usr/bin/chromium-headless-shell'
const places = [
  process.env.CHROMIUM,
  headless,
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

/** Installs packages; whether it could. */
function install(...packages) {
  const apt = (...args) =>
    execFileSync('apt-get', args, { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })
  const take = () => apt('install', '-y', '--no-install-recommends', ...packages)
  try {
    take()
    return true
  } catch {}
  try {
    apt('update')
    take()
    return true
  } catch {
    return false
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const wanted = !process.env.CHROMIUM && !existsSync(headless)
  if (wanted && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log('Installing Chromium and a Chinese font with apt-get ...')
    // Ubuntu has no package of the headless one.
    if (!install('chromium-headless-shell', 'fonts-noto-cjk') && !findBrowser()) install('chromium', 'fonts-noto-cjk')
  }
  const found = findBrowser()
  if (!found) {
    console.error('No Chromium found. Install Chromium, Chrome or Edge, or name one with CHROMIUM=/path/to/it.')
    process.exit(1)
  }
  console.log(`browser: ${found}`)
}
