# SPDX-License-Identifier: BSD-2-Clause
def story(lab):
    return ""
class Net:
    pass
