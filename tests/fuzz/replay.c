/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs a fuzz target over files, where it is not linked with libFuzzer: each
 * argument is a file, or a directory whose files are taken in turn.  So that
 * the corpora guard every build.  Fails when it found no file: a corpus that
 * went missing must not pass for one that holds.
 */
#include <sys/stat.h>
#include <sys/types.h>

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define REPLAY_DEPTH_MAX 4

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t count);

static int
replay_file(const char *path, size_t size)
{
	uint8_t *octets;
	FILE *file;

	file = fopen(path, "rb");
	if (file == NULL) {
		perror(path);
		return -1;
	}
	/* Exactly `size` octets, so that a sanitizer sees one too many. */
	octets = malloc(size > 0 ? size : 1);
	if (octets == NULL || fread(octets, 1, size, file) != size) {
		(void)fprintf(stderr, "%s: cannot be read\n", path);
		free(octets);
		(void)fclose(file);
		return -1;
	}
	(void)fclose(file);
	(void)LLVMFuzzerTestOneInput(octets, size);
	free(octets);
	return 0;
}

/* Replays `path`; adds the number of files to *files.  -1: cannot be read. */
static int
replay_path(const char *path, unsigned int depth, unsigned long *files)
{
	char below[4096];
	struct dirent *entry;
	struct stat st;
	DIR *dir;
	int error = 0;

	if (stat(path, &st) != 0) {
		perror(path);
		return -1;
	}
	if (S_ISREG(st.st_mode)) {
		(*files)++;
		return replay_file(path, (size_t)st.st_size);
	}
	if (!S_ISDIR(st.st_mode) || depth == 0)
		return 0;
	dir = opendir(path);
	if (dir == NULL) {
		perror(path);
		return -1;
	}
	while (error == 0 && (entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		if (snprintf(below, sizeof(below), "%s/%s", path,
			entry->d_name) >= (int)sizeof(below))
			error = -1;
		else
			error = replay_path(below, depth - 1, files);
	}
	(void)closedir(dir);
	return error;
}

int
main(int argc, char **argv)
{
	unsigned long files = 0;
	int i;

	for (i = 1; i < argc; i++)
		if (replay_path(argv[i], REPLAY_DEPTH_MAX, &files) != 0)
			return EXIT_FAILURE;
	if (files == 0) {
		(void)fprintf(stderr, "no file to replay\n");
		return EXIT_FAILURE;
	}
	(void)printf("%lu files replayed\n", files);
	return EXIT_SUCCESS;
}
