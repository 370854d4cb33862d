"""Evaluates the benchmark's case in Python: peers_metrics.py FOLDER prints JSON, {versions, results: {name: {seconds, answer}}}.

The tools (surface-distance, MedPy, the BraTS script) cannot be installed from Debian, so their steps are done here by the same numpy and scipy
calls that they make: surfels of a cropped box and two distance transforms; MedPy's HD95 on the whole grid; labels; per found lesion the surfels
of its box; for BraTS, per lesion, whole-volume copies, a dilation, and the surfels of both masks.
"""
import json
import os
import sys
import time

import nibabel
import numpy as np
import scipy
from scipy import ndimage

REPEATS = 2
ALL_26 = np.ones((3, 3, 3), bool)
NEIGHBORS_18 = ndimage.generate_binary_structure(3, 2)
CORNER_BITS = np.array([[[128, 64], [32, 16]], [[8, 4], [2, 1]]])


def surfel_areas():
    """Area per corner code, here only 1: the time is that of a lookup whatever the table holds."""
    areas = np.ones(256)
    areas[[0, 255]] = 0
    return areas


AREAS = surfel_areas()


def crop(masks):
    places = np.argwhere(masks[0] | masks[1])
    if len(places) == 0:
        return masks
    low, high = places.min(0), places.max(0) + 1
    box = tuple(slice(a, b) for a, b in zip(low, high))
    return [np.pad(mask[box], 1) for mask in masks]


def surfaces(masks):
    """Distances and areas of the surfels of both masks, sorted, each to the other."""
    codes = [ndimage.correlate(mask.astype(np.uint8), CORNER_BITS, mode="constant", cval=0) for mask in crop(masks)]
    borders = [(code != 0) & (code != 255) for code in codes]
    distances = [ndimage.distance_transform_edt(~border) if border.any() else np.full(border.shape, np.inf) for border in borders]
    result = []
    for this, other in ((0, 1), (1, 0)):
        away, areas = distances[other][borders[this]], AREAS[codes[this][borders[this]]]
        order = np.lexsort((areas, away))
        result.append((away[order], areas[order]))
    return result


def hd95(pairs):
    values = []
    for away, areas in pairs:
        if len(away) == 0:
            return np.inf
        share = np.cumsum(areas) / areas.sum()
        values.append(away[min(np.searchsorted(share, 0.95), len(away) - 1)])
    return max(values)


def surface_dice(pairs, tolerance):
    return sum(areas[away <= tolerance].sum() for away, areas in pairs) / sum(areas.sum() for _, areas in pairs)


def medpy_hd95(reference, prediction):
    borders = [mask ^ ndimage.binary_erosion(mask) for mask in (reference, prediction)]
    away = [ndimage.distance_transform_edt(~border) for border in borders]
    return np.percentile(np.hstack((away[0][borders[1]], away[1][borders[0]])), 95)


def dice(a, b):
    total = np.count_nonzero(a) + np.count_nonzero(b)
    return 2 * np.count_nonzero(a & b) / total if total else 1.0


def papers(labels):
    """P1 and P2: counts, MedPy's Dice and HD95, surface-distance on the whole and per found lesion, lesions by any overlap."""
    reference, prediction = (label == 3 for label in labels)
    for a, b in ((reference, prediction), (reference, ~prediction), (~reference, prediction), (~reference, ~prediction)):
        np.count_nonzero(a & b)
    answer = dice(reference, prediction)
    medpy_hd95(reference, prediction)
    pairs = surfaces([reference, prediction])
    hd95(pairs)
    surface_dice(pairs, 1)
    (ours, count), (theirs, _) = (ndimage.label(mask, ALL_26) for mask in (reference, prediction))
    for lesion in range(1, count + 1):
        mask = ours == lesion
        touching = np.unique(theirs[mask])
        touching = touching[touching > 0]
        if len(touching):
            drawn = np.isin(theirs, touching)
            of_lesion = surfaces([mask, drawn])
            dice(mask, drawn), hd95(of_lesion), surface_dice(of_lesion, 1)
    return answer


def brats(labels):
    """The challenge's steps for ET, TC and WT; the answer is the sum of the regions' lesion-wise Dice."""
    answer = 0
    for values in ([3], [1, 3], [1, 2, 3]):
        reference, prediction = (np.isin(label, values) for label in labels)
        zones, count = ndimage.label(ndimage.binary_dilation(reference, NEIGHBORS_18, 1), ALL_26)
        lesions = zones * reference
        components, all_components = ndimage.label(prediction, ALL_26)
        touched, scores = set(), []
        for lesion in range(1, count + 1):
            mask = np.zeros_like(reference)
            mask[lesions == lesion] = 1
            grown = ndimage.binary_dilation(mask, NEIGHBORS_18, 1)
            ids = np.unique(components * grown)
            ids = ids[ids > 0]
            touched.update(ids.tolist())
            drawn = components.copy()
            drawn[~np.isin(drawn, ids)] = 0
            drawn[np.isin(drawn, ids)] = 1
            if mask.sum() <= 2:
                continue
            hd95(surfaces([mask, drawn > 0]))
            scores.append(dice(mask, drawn > 0))
        answer += sum(scores) / (len(scores) + all_components - len(touched))
    return answer


def main(folder):
    labels = [np.asarray(nibabel.load(os.path.join(folder, name)).dataobj, dtype=np.uint8) for name in ("reference.nii.gz", "prediction.nii.gz")]
    results = {}
    for name, work in (("papers", papers), ("brats", brats)):
        seconds = []
        for _ in range(REPEATS):
            start = time.perf_counter()
            answer = work(labels)
            seconds.append(time.perf_counter() - start)
        results[name] = {"seconds": min(seconds), "answer": float(answer)}
    versions = {"python": sys.version.split()[0], "numpy": np.__version__, "scipy": scipy.__version__}
    json.dump({"versions": versions, "writtenBytes": 0, "results": results}, sys.stdout)


main(sys.argv[1])
