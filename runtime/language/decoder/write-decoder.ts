import { chmod, copyFile, mkdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { traceProgram } from '#runtime/tensor/trace/program.ts'
import { weightsFile } from '../encoder-files.ts'
import { toSafetensors } from '../safetensors.ts'
import { type Decoder, decoderConstants, decoderFiles } from './decoder.ts'
import { nextTokenProgram, nextTokenSpecs } from './next-token-program.ts'

/** Writes a decoder's folder in Hugging Face layout, with `model.onnx` beside: the graph of one more token with a cache of keys and values. */
export async function writeDecoder(folder: string, decoder: Decoder): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const file of decoderFiles) {
    const source = join(decoder.folder, file)
    if (!(await stat(source).catch(() => undefined))) continue
    await copyFile(source, join(folder, file))
    await chmod(join(folder, file), 0o644)
  }
  const named = new Map(
    [...decoder.weights].map(([name, weight]) => [name.startsWith('lm_head.') ? name : `transformer.${name}`, weight]),
  )
  await writeFile(join(folder, weightsFile), toSafetensors(named))
  const constants = decoderConstants(decoder.weights)
  await writeFile(
    join(folder, 'model.onnx'),
    traceProgram(nextTokenProgram(decoder.config), nextTokenSpecs(decoder.config), { constants }),
  )
}
