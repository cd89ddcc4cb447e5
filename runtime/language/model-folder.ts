import { createHash } from 'node:crypto'
import { chmod, copyFile, mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Encoder } from './encoder.ts'
import { frameFiles, weightFilesOf, weightsFile } from './encoder-files.ts'
import { toSafetensors } from './safetensors.ts'
import { ownWeights } from './weight-names.ts'

/** Copies those of the files that are there, and returns them. */
export async function copyFiles(from: string, folder: string, files: readonly string[]): Promise<string[]> {
  const written: string[] = []
  await mkdir(folder, { recursive: true })
  for (const file of files) {
    const source = join(from, file)
    if (!(await stat(source).catch(() => undefined))) continue
    await mkdir(dirname(join(folder, file)), { recursive: true })
    await copyFile(source, join(folder, file))
    await chmod(join(folder, file), 0o644)
    written.push(file)
  }
  return written
}

/** Writes an encoder in Hugging Face layout; `frozen`: its weights are those of its own folder. Returns the files. */
export async function copyEncoder(folder: string, encoder: Encoder, frozen: boolean): Promise<string[]> {
  const weightFiles = frozen ? await weightFilesOf(encoder.folder, encoder.name) : []
  const written = await copyFiles(encoder.folder, folder, [...frameFiles, ...weightFiles])
  if (!frozen) {
    await writeFile(join(folder, weightsFile), toSafetensors(ownWeights(encoder.weights, encoder.config)))
    written.push(weightsFile)
  }
  return written
}

/** SHA-256 of each file, for the card. */
export async function hashFiles(folder: string, names: readonly string[]): Promise<Record<string, string>> {
  const files: Record<string, string> = {}
  for (const file of names)
    files[file] = createHash('sha256')
      .update(await readFile(join(folder, file)))
      .digest('hex')
  return files
}
