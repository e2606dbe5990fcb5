#!/bin/sh
# Write requirements.lock anew from pyproject.toml; needs uv. Torch and what only its CUDA builds
# bring are left out, because which build of torch is right differs from machine to machine.
set -eu
cd "$(dirname "$0")/.."
set --
for package in torch triton cuda-bindings cuda-pathfinder cuda-toolkit nvidia-cublas \
    nvidia-cuda-cupti nvidia-cuda-nvrtc nvidia-cuda-runtime nvidia-cudnn-cu13 nvidia-cufft \
    nvidia-cufile nvidia-curand nvidia-cusolver nvidia-cusparse nvidia-cusparselt-cu13 \
    nvidia-nccl-cu13 nvidia-nvjitlink nvidia-nvshmem-cu13 nvidia-nvtx; do
    set -- "$@" --no-emit-package "$package"
done
exec uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
    --extra generator --extra dev --no-annotate --custom-compile-command packaging/lock.sh \
    "$@" pyproject.toml --output-file requirements.lock
