import { defineErrors } from './define-errors.ts'

/** What computes: the CPU and graphics cards. Most of these say why one of them is not used; training then runs on another. */
export const deviceErrors = defineErrors({
  'device-no-graphics': {
    status: 404,
    retry: 'never',
    'zh-CN': {
      message: '没有发现显卡。',
      remedy:
        '没有显卡也能用。如果机器有显卡：请安装它的驱动；在容器里运行时，还要把显卡交给容器（docker run --gpus all）。',
    },
    en: {
      message: 'No graphics card was found.',
      remedy:
        'None is needed. If there is one, install its driver; in a container, hand it in too (docker run --gpus all).',
    },
  },
  'device-no-vulkan': {
    status: 404,
    retry: 'never',
    'zh-CN': {
      message: '系统缺少 Vulkan。',
      remedy: '安装 Vulkan 和显卡驱动，例如 apt-get install libvulkan1，然后再检查一次。',
    },
    en: {
      message: 'Vulkan is missing on this system.',
      remedy: "Install it with the card's driver, for example apt-get install libvulkan1, and look again.",
    },
  },
  'device-no-adapter': {
    status: 404,
    retry: 'never',
    'zh-CN': { message: '显卡驱动没有提供可用的显卡。', remedy: '请更新显卡驱动，然后再检查一次。' },
    en: { message: 'The driver offers no card to compute on.', remedy: "Update the card's driver and look again." },
  },
  'device-other-system': {
    status: 404,
    retry: 'never',
    'zh-CN': { message: '只支持 {{needed}}，这台机器是 {{here}}。', remedy: '这台机器的显卡请用 WebGPU。' },
    en: {
      message: 'Works on {{needed}} only; this is {{here}}.',
      remedy: 'Graphics cards of this machine are used by WebGPU.',
    },
  },
  'device-no-nvidia-driver': {
    status: 404,
    retry: 'never',
    'zh-CN': {
      message: '没有发现 NVIDIA 驱动。',
      remedy: '没有 NVIDIA 显卡时不用管它；有的话请安装驱动，在容器里还要加 docker run --gpus all。',
    },
    en: {
      message: 'No NVIDIA driver was found.',
      remedy:
        'Without an NVIDIA card, none is needed. With one, install it; in a container, add docker run --gpus all.',
    },
  },
  'device-cuda-parts-missing': {
    status: 404,
    retry: 'never',
    'zh-CN': { message: 'CUDA 部件还没有下载。', remedy: '执行 npm run gpu:install。' },
    en: { message: 'The CUDA parts have not been fetched yet.', remedy: 'Run npm run gpu:install.' },
  },
  'device-not-installed': {
    status: 404,
    retry: 'never',
    'zh-CN': {
      message: '没有安装 {{package}}（可选）。',
      remedy: '不需要它也能用；想试的话执行 npm run gpu:install -- --tensorflow。',
    },
    en: {
      message: '{{package}} is not installed (it is optional).',
      remedy: 'It is not needed; to try it, run npm run gpu:install -- --tensorflow.',
    },
  },
  'device-refused': {
    status: 500,
    retry: 'never',
    'zh-CN': {
      message: '试用没有成功：{{detail}}',
      remedy: '请更新驱动。CUDA 还需要系统里有 CUDA 12 和 cuDNN 9。之后再检查一次。',
    },
    en: {
      message: 'Trying it failed: {{detail}}',
      remedy: 'Update the driver; CUDA also needs CUDA 12 and cuDNN 9 on the system. Then look again.',
    },
  },
  'device-wrong': {
    status: 500,
    retry: 'never',
    'zh-CN': {
      message: '它在这台机器上算错了（得到 {{found}}，应为 {{expected}}），所以不使用。',
      remedy: '请更新显卡驱动，然后再检查一次。',
    },
    en: {
      message: 'It computes wrongly on this machine ({{found}} instead of {{expected}}), so it is not used.',
      remedy: "Update the card's driver and look again.",
    },
  },
  'gpu-parts-unreachable': {
    status: 502,
    retry: 'later',
    'zh-CN': {
      message: '下载失败：{{detail}}',
      remedy:
        '请检查网络（需要访问 api.nuget.org；用代理时设置 HTTPS_PROXY）。没有网络时：在能上网的同类机器上执行 npm run gpu:install -- --force，再把那里 {{folder}} 中的 libonnxruntime_providers_*.so 复制到这里的同名目录。',
    },
    en: {
      message: 'It could not be fetched: {{detail}}',
      remedy:
        'Check the network (api.nuget.org must be reachable; behind a proxy, set HTTPS_PROXY). Without one, run npm run gpu:install -- --force on a machine like this that has it, and copy libonnxruntime_providers_*.so from its {{folder}} to the same folder here.',
    },
  },
  'device-unknown': {
    status: 400,
    retry: 'never',
    'zh-CN': { message: 'BOTLOOM_DEVICE 的值 {{device}} 不认识。', remedy: '可以填：{{known}}；不填就自动选最快的。' },
    en: {
      message: 'BOTLOOM_DEVICE names no device that there is: {{device}}',
      remedy: 'Set it to one of {{known}}, or leave it out: the fastest is then chosen.',
    },
  },
  'device-unusable': {
    status: 409,
    retry: 'never',
    'zh-CN': {
      message: 'BOTLOOM_DEVICE 指定了 {{device}}，但它在这台机器上用不了：{{detail}}',
      remedy: '去掉 BOTLOOM_DEVICE 就会自动选最快的；npm run botloom -- doctor 会说明原因。',
    },
    en: {
      message: 'BOTLOOM_DEVICE asks for {{device}}, which cannot be used here: {{detail}}',
      remedy: 'Leave BOTLOOM_DEVICE out and the fastest is chosen; npm run botloom -- doctor says more.',
    },
  },
  'device-failed': {
    status: 500,
    retry: 'other-device',
    'zh-CN': {
      message: '{{label}} 在训练中途出错：{{detail}}',
      remedy: '会自动换一个设备继续。如果经常发生，请更新驱动，或设置 BOTLOOM_DEVICE=cpu。',
    },
    en: {
      message: '{{label}} failed in the midst: {{detail}}',
      remedy: 'Another device takes over. If it happens often, update the driver or set BOTLOOM_DEVICE=cpu.',
    },
  },
})
