import type { Classification, ClassifierRef } from '#kit'
import { type Batcher, createBatcher } from '#runtime/serving/batcher.ts'
import { createClassifier, type LoadedClassifier } from '#runtime/serving/classifier.ts'
import { createArtifactFolder } from './artifacts.ts'
import type { ComputeFolders } from './protocol.ts'

interface Served {
  classifier: LoadedClassifier
  batcher: Batcher<string, Classification>
}

/** Models that were not asked for longest go first when there are more than this many. */
const mostLoaded = 8

/** Loaded models by artifact, each behind its own micro-batches. */
export function createModelServer(folders: ComputeFolders, threads: number) {
  const artifacts = createArtifactFolder(folders.artifacts)
  const loaded = new Map<string, Promise<Served>>()

  function get(model: ClassifierRef): Promise<Served> {
    const known = loaded.get(model.artifact)
    if (known) {
      // Asked again: to the end of the line of those that may go.
      loaded.delete(model.artifact)
      loaded.set(model.artifact, known)
      return known
    }
    const loading = load(model)
    loaded.set(model.artifact, loading)
    loading.catch(() => loaded.delete(model.artifact))
    for (const artifact of [...loaded.keys()].slice(0, -mostLoaded)) void release(artifact)
    return loading
  }

  async function load(model: ClassifierRef): Promise<Served> {
    const classifier = await createClassifier(await artifacts.open(model.artifact), { threads })
    return { classifier, batcher: createBatcher((texts) => classifier.classify(texts)) }
  }

  async function release(artifact: string): Promise<void> {
    const served = loaded.get(artifact)
    loaded.delete(artifact)
    await (await served?.catch(() => null))?.classifier.dispose()
  }

  return {
    async classify(model: ClassifierRef, texts: readonly string[]): Promise<Classification[]> {
      const { batcher } = await get(model)
      return Promise.all(texts.map((text) => batcher.submit(text)))
    },
    /** Loads these; a model that cannot be read fails when it is asked, not here. */
    async keep(models: readonly ClassifierRef[]): Promise<void> {
      await Promise.allSettled(models.map((model) => get(model)))
    },
  }
}
