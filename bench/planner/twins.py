CAUSES = ['count']
def plant(problem, cause, random):
    return {}
