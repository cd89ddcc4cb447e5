import { defineConfig } from 'vite'

/** What `npm start` runs: the server, the compute process, the one that tries a device and the one that checks a set, packages left outside (native and wasm parts must be). */
export default defineConfig({
  publicDir: false,
  build: {
    ssr: true,
    outDir: 'dist/server',
    emptyOutDir: true,
    target: 'node20',
    minify: false,
    sourcemap: true,
    rolldownOptions: {
      input: {
        main: 'server/main.ts',
        worker: 'runtime/worker/entry.ts',
        probe: 'runtime/tensor/executors/probe.ts',
        doctor: 'runtime/doctor/entry.ts',
        similar: 'runtime/similar/entry.ts',
        clusters: 'runtime/clusters/entry.ts',
      },
      output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
  ssr: { external: true, target: 'node' },
})
