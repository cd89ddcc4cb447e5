import { shopVisits, talk } from './drivers/traffic.ts'

/**
 * `npm run traffic -- http://127.0.0.1:4600 300`: visitors of the sample shop, so that its insights have something to show. The server
 * must allow that many a minute (`BOTLOOM_CONVERSATIONS_PER_MINUTE`, `BOTLOOM_MESSAGES_PER_MINUTE`).
 */
const [url = 'http://127.0.0.1:4600', count = '300'] = process.argv.slice(2)
const visits = Array.from({ length: Number(count) }, (_, i) => shopVisits[(i * 7 + (i >> 3)) % shopVisits.length]!)
console.log(`${(await talk(url, 'little-boat-shop', visits)).length} conversations`)
