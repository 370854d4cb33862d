"""Times nibabel, scipy and skimage on the benchmark's case: peers.py FOLDER prints JSON, {versions, results: {name: {seconds, answer}}}.

Each piece of work runs REPEATS times in this one process and the least time counts, so that imports, caches and other people's load do not.
"""
import json
import os
import sys
import time

import nibabel
import numpy as np
import scipy
import skimage
from scipy import ndimage
from skimage.transform import resize

REPEATS = 7
SPACING_MM = 1.2
NEIGHBORS_26 = np.ones((3, 3, 3), dtype=bool)


def least(work):
    """Least seconds of a run, and the last run's result."""
    seconds = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - start)
    return min(seconds), result


def voxels_of(path, dtype):
    return np.asarray(nibabel.load(path).dataobj, dtype=dtype)


def hausdorff95(reference, prediction):
    """As MedPy's hd95: distances between border voxels, both directions pooled, over the whole grid."""
    borders = [mask ^ ndimage.binary_erosion(mask) for mask in (reference, prediction)]
    to_reference, to_prediction = (ndimage.distance_transform_edt(~border) for border in borders)
    return np.percentile(np.hstack((to_reference[borders[1]], to_prediction[borders[0]])), 95)


def evaluate(reference, prediction):
    """Dice, HD95 and both masks' components: less than MetSeg's evaluation, which adds surface Dice and lesion matching."""
    dice = 2 * np.count_nonzero(reference & prediction) / (np.count_nonzero(reference) + np.count_nonzero(prediction))
    hausdorff95(reference, prediction)
    for mask in (reference, prediction):
        ndimage.label(mask, NEIGHBORS_26)
    return dice


def main(folder):
    scan_path, written_path = os.path.join(folder, "scan.nii.gz"), os.path.join(folder, "peer.nii.gz")
    image = nibabel.load(scan_path)
    scan = voxels_of(scan_path, np.float32)
    # scipy works on rows that lie together in memory: [z, y, x] is the order of the file.
    ordered = np.ascontiguousarray(scan.T)
    reference, prediction = (
        np.ascontiguousarray(voxels_of(os.path.join(folder, name), np.uint8).T).astype(bool)
        for name in ("reference.nii.gz", "prediction.nii.gz"))
    background = ~reference
    size = [round(length / SPACING_MM) for length in ordered.shape]
    factors = [new / old for new, old in zip(size, ordered.shape)]

    work = {
        "read": (lambda: voxels_of(scan_path, np.float32), lambda voxels: voxels.sum(dtype=np.float64)),
        "write": (
            lambda: nibabel.save(nibabel.Nifti1Image(scan, image.affine), written_path),
            lambda _: voxels_of(written_path, np.float32).sum(dtype=np.float64)),
        "components": (lambda: ndimage.label(reference, NEIGHBORS_26), lambda result: result[1]),
        "distances": (lambda: ndimage.distance_transform_edt(background), lambda distances: distances.max()),
        "linear": (
            lambda: ndimage.zoom(ordered, factors, order=1, mode="nearest", grid_mode=True),
            lambda voxels: voxels.mean(dtype=np.float64)),
        # zoom does not clip; the answer is clipped so that both answers mean the same.
        "cubic": (
            lambda: ndimage.zoom(ordered, factors, order=3, mode="nearest", grid_mode=True),
            lambda voxels: np.clip(voxels, ordered.min(), ordered.max()).mean(dtype=np.float64)),
        "resize": (
            lambda: resize(ordered.astype(np.float64), size, order=3, mode="edge", clip=True, anti_aliasing=False),
            lambda voxels: voxels.mean(dtype=np.float64)),
        "evaluate": (lambda: evaluate(reference, prediction), lambda dice: dice),
    }
    results = {}
    for name, (run, answer) in work.items():
        seconds, result = least(run)
        results[name] = {"seconds": seconds, "answer": float(answer(result))}
    print(json.dumps({
        "versions": {"Python": sys.version.split()[0], "nibabel": nibabel.__version__, "numpy": np.__version__, "scipy": scipy.__version__,
                     "skimage": skimage.__version__},
        "writtenBytes": os.path.getsize(written_path),
        "results": results,
    }))


if __name__ == "__main__":
    main(sys.argv[1])
