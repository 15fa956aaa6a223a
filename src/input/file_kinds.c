/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kinds of files that hold matrices, and what to do with those that are not read. */
#include "config.h"
#include <string.h>
#include <strings.h>
#include <sysexits.h>
#include "array.h"

const file_kind_t file_kinds[] = {
    { "npy", (const char *const[]) { "npy", NULL }, "{npy: FILE}", npy_read, NULL, 0, 0 },
    { "npz", (const char *const[]) { "npz", NULL }, "{npz: FILE, key: NAME}", npz_read, npz_list, 0, 0 },
    { "safetensors", (const char *const[]) { "safetensors", NULL }, "{safetensors: FILE, key: NAME}",
      safetensors_read, safetensors_list, 0, 0 },
    { "csv", (const char *const[]) { "csv", NULL }, "{csv: FILE, ..}", csv_read, NULL, 1, ',' },
    { "tsv", (const char *const[]) { "tsv", "tab", NULL }, "{tsv: FILE}", csv_read, NULL, 1, '\t' },
    { "txt", (const char *const[]) { "txt", "dat", NULL }, "{txt: FILE}", csv_read, NULL, 1, ' ' },
    { "mtx", (const char *const[]) { "mtx", NULL }, "{mtx: FILE}", matrix_market_read, NULL, 0, 0 },
    { NULL, NULL, NULL, NULL, NULL, 0, 0 }
};

const file_kind_t *
file_kind_named(const char *key)
{
    const file_kind_t *k;

    for (k = file_kinds; k->key != NULL; k++)
        if (strcmp(k->key, key) == 0)
            return k;
    return NULL;
}

const file_kind_t *
file_kind_of(const char *path)
{
    const char *dot = strrchr(path, '.'), *const *e;
    const file_kind_t *k;

    if (dot == NULL || strchr(dot, '/') != NULL)
        return NULL;
    for (k = file_kinds; k->key != NULL; k++)
        for (e = k->extensions; *e != NULL; e++)
            if (strcasecmp(dot + 1, *e) == 0)
                return k;
    return NULL;
}

/* Files of other programs, and what makes readable ones of them. */
static const struct { const char *extension, *advice; } refused[] = {
#define TORCH "a PyTorch checkpoint is a Python pickle and is not read; save the weights with " \
              "safetensors.torch.save_file(model.state_dict(), \"model.safetensors\")"
    { "pt", TORCH }, { "pth", TORCH }, { "ckpt", TORCH },
#undef TORCH
#define PICKLE "a Python pickle is not read; save the arrays with numpy.savez"
    { "pkl", PICKLE }, { "pickle", PICKLE }, { "joblib", PICKLE },
#undef PICKLE
#define HDF5 "HDF5 is not read; save the arrays with numpy.savez, or with safetensors"
    { "h5", HDF5 }, { "hdf5", HDF5 }, { "keras", HDF5 },
#undef HDF5
    { "onnx", "ONNX is not read; save its initializers with numpy.savez" },
    { "mat", "MATLAB's format is not read; writematrix makes a CSV file of a matrix" },
#define SHEET "spreadsheets are not read; save the sheet as CSV"
    { "xls", SHEET }, { "xlsx", SHEET }, { "ods", SHEET },
#undef SHEET
    { "parquet", "Parquet is not read; save the table as CSV, or its arrays with numpy.savez" },
    { "arff", "ARFF is not read; save the table as CSV" },
    { NULL, NULL }
};

int
file_kind_refuse(const char *path, fault_t *err)
{
    const char *dot = strrchr(path, '.');
    int i;

    for (i = 0; dot != NULL && refused[i].extension != NULL; i++)
        if (strcasecmp(dot + 1, refused[i].extension) == 0)
            return error_set(err, EX_DATAERR, "%s: %s", path, refused[i].advice);
    return 1;
}
