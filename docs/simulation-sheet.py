"""Contact sheet: axial, coronal and sagittal slice of each scan, one scan a row, several rows side by side.

usage: python3 docs/simulation-sheet.py OUT.png SCAN.nii.gz [SCAN.nii.gz ...]
needs numpy, scipy, nibabel and scikit-image.
"""
import os
import sys

import nibabel
import numpy
from scipy import ndimage
from skimage import io

COLUMNS, HEIGHT_MM, WIDTH_MM, PIXELS_PER_MM = 2, 200, 220, 0.85


def panel(plane, spacing, black, white):
    plane = ndimage.zoom(numpy.rot90(plane), (spacing[1] * PIXELS_PER_MM, spacing[0] * PIXELS_PER_MM), order=1)
    pixels = (numpy.clip((plane - black) / (white - black), 0, 1) * 255).astype(numpy.uint8)
    canvas = numpy.zeros((int(HEIGHT_MM * PIXELS_PER_MM), int(WIDTH_MM * PIXELS_PER_MM)), numpy.uint8)
    height, width = min(pixels.shape[0], canvas.shape[0]), min(pixels.shape[1], canvas.shape[1])
    top, left = (canvas.shape[0] - height) // 2, (canvas.shape[1] - width) // 2
    y, x = (pixels.shape[0] - height) // 2, (pixels.shape[1] - width) // 2
    canvas[top:top + height, left:left + width] = pixels[y:y + height, x:x + width]
    return canvas


def row(path):
    image = nibabel.as_closest_canonical(nibabel.load(path))
    voxels, spacing = numpy.squeeze(image.get_fdata()), image.header.get_zooms()[:3]
    white = numpy.percentile(voxels[voxels > numpy.percentile(voxels, 50)], 99)
    x, y, z = (int(count * share) for count, share in zip(voxels.shape, (0.52, 0.5, 0.52)))
    return numpy.hstack([
        panel(voxels[:, :, z], (spacing[0], spacing[1]), 0, white),
        panel(voxels[:, y, :], (spacing[0], spacing[2]), 0, white),
        panel(voxels[x, :, :], (spacing[1], spacing[2]), 0, white),
    ])


if __name__ == "__main__":
    rows = [row(path) for path in sys.argv[2:]]
    rows += [numpy.zeros_like(rows[0])] * (-len(rows) % COLUMNS)
    sheet = numpy.vstack([numpy.hstack(rows[i:i + COLUMNS]) for i in range(0, len(rows), COLUMNS)])
    io.imsave(sys.argv[1], sheet, check_contrast=False)
    print(os.path.basename(sys.argv[1]), sheet.shape)
