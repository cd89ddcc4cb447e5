import { runBench } from './bench.ts'
import { throughput } from './train/throughput.ts'

await runBench('train', [throughput])
