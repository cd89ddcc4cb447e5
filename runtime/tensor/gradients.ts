// tfjs-core alone registers no gradients in plain Node ESM; the layers bundle registers all of them as it loads.
import '@tensorflow/tfjs-layers'
