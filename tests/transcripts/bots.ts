import { basket } from './bots/basket.ts'
import { counter } from './bots/counter.ts'
import { delivery } from './bots/delivery.ts'
import { lamps } from './bots/lamps.ts'
import { library } from './bots/library.ts'
import type { TranscriptBot } from './bots/parts.ts'
import { questions } from './bots/questions.ts'
import { refund } from './bots/refund.ts'
import { rental } from './bots/rental.ts'
import { shop } from './bots/shop.ts'
import { staffed } from './bots/staffed.ts'
import { stop } from './bots/stop.ts'
import { table } from './bots/table.ts'
import { torn } from './bots/torn.ts'
import { tracking } from './bots/tracking.ts'
import { workshop } from './bots/workshop.ts'

/** All bots that transcripts are held with, by the name after `bot:`. */
export const bots: Readonly<Record<string, TranscriptBot>> = {
  ...{
    basket,
    counter,
    delivery,
    lamps,
    library,
    refund,
    rental,
    shop,
    staffed,
    stop,
    table,
    torn,
    tracking,
    workshop,
  },
  ...questions,
}
