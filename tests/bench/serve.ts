import { runBench } from './bench.ts'
import { int8 } from './serve/int8.ts'
import { load } from './serve/load.ts'
import { padding } from './serve/padding.ts'

await runBench('serve', [int8, load, padding])
