import { mkdtemp } from 'node:fs/promises'
import { openHouse } from '/work/main/tests/faults/house.ts'
import { strike } from '/work/main/tests/faults/strike.ts'
const t = Date.now()
const dataFolder = await mkdtemp('/tmp/botloom-killtry-')
const house = await openHouse({ dataFolder })
console.log('ready', Date.now() - t, house.url)
try {
for (const [victim, moment] of [['train', 700], ['serve', 900], ['server', 1200]] as const) {
  console.log(JSON.stringify(await strike(house, victim, moment, 1000 + moment)), Date.now() - t)
}
} catch (e) { console.log(e, house.output()) }
await house.stop()
process.exit(0)
