// Prints what ag-psd finds in a PSD file, as JSON; pixels as SHA-256 of their bytes.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { initializeCanvas, readPsd } from "ag-psd";

initializeCanvas(
  () => { throw new Error("no canvas here"); },
  (width, height) => ({ width, height, data: new Uint8ClampedArray(width * height * 4) }),
);

const [path, mergedPath] = process.argv.slice(2);
const psd = readPsd(readFileSync(path), { useImageData: true, useRawThumbnail: true });

const hash = (values) => createHash("sha256").update(Buffer.from(values)).digest("hex");

function alphaOf(image) {
  if (!image) return null;
  return hash(image.data.filter((_, index) => index % 4 === 3));
}

function visibleOf(image) {
  if (!image) return null;
  const data = Uint8Array.from(image.data);
  for (let at = 0; at < data.length; at += 4) if (data[at + 3] === 0) data.fill(0, at, at + 4);
  return hash(data);
}

function layer(each) {
  return {
    name: each.name,
    id: each.id,
    rect: [each.left ?? 0, each.top ?? 0, each.right ?? 0, each.bottom ?? 0],
    blend_mode: each.blendMode.replaceAll(" ", "_"),
    opacity: Math.round(each.opacity * 255),
    visible: !each.hidden,
    clipped: Boolean(each.clipping),
    group: Boolean(each.children),
    open: each.children ? each.opened !== false : null,
    label: each.layerColor ?? "none",
    locks: [each.protected?.transparency, each.protected?.composite, each.protected?.position]
      .map(Boolean),
    alpha: alphaOf(each.imageData),
    pixels: visibleOf(each.imageData),
    mask: each.mask
      ? {
          rect: [each.mask.left ?? 0, each.mask.top ?? 0, each.mask.right ?? 0,
            each.mask.bottom ?? 0],
          outside: each.mask.defaultColor ?? 0,
          enabled: !each.mask.disabled,
        }
      : null,
    adjustment: each.adjustment ?? null,
    children: (each.children ?? []).map(layer),
  };
}

writeFileSync(mergedPath, psd.imageData.data);
console.log(JSON.stringify({
  size: [psd.width, psd.height],
  dpi: psd.imageResources?.resolutionInfo?.horizontalResolution,
  icc: Boolean(psd.imageResources?.iccUntaggedProfile === false
    || psd.imageResources?.iccProfile),
  xmp: psd.imageResources?.xmpMetadata ?? null,
  layers: (psd.children ?? []).map(layer),
}));
