import { runBench } from './bench.ts'
import { firstLoad } from './studio/first-load.ts'
import { frameLines } from './studio/frames.ts'
import { heap } from './studio/heap.ts'
import { closeStudio } from './studio/open.ts'
import { saves } from './studio/saves.ts'
import { undo } from './studio/undo.ts'

await runBench('studio', [firstLoad, ...frameLines, saves, undo, heap]).finally(closeStudio)
