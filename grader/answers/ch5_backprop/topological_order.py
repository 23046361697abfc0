"""Correct answers to `topological_order`, each in a style of its own."""


def topological_order_kahn(parents):
    waiting = {}
    children = {}
    for node, its_parents in parents.items():
        waiting[node] = len(set(its_parents))
        for parent in set(its_parents):
            children.setdefault(parent, []).append(node)
            waiting.setdefault(parent, 0)
    ready = [node for node in waiting if waiting[node] == 0]
    order = []
    while ready:
        node = ready.pop()
        order.append(node)
        for child in children.get(node, []):
            waiting[child] -= 1
            if waiting[child] == 0:
                ready.append(child)
    if len(order) != len(waiting):
        raise ValueError("there is a cycle")
    return order


def topological_order_own_stack(parents):
    order, done, open_now = [], set(), set()
    for start in parents:
        stack = [(start, False)]
        while stack:
            node, leaving = stack.pop()
            if leaving:
                open_now.discard(node)
                done.add(node)
                order.append(node)
            elif node not in done:
                if node in open_now:
                    raise ValueError(f"cycle through {node}")
                open_now.add(node)
                stack.append((node, True))
                for parent in parents.get(node, []):
                    if parent in open_now:
                        raise ValueError(f"cycle through {parent}")
                    if parent not in done:
                        stack.append((parent, False))
    return order


def topological_order_by_level(parents):
    left = {node: set(its_parents) for node, its_parents in parents.items()}
    order = []
    free = {p for its_parents in parents.values() for p in its_parents} - set(parents)
    free |= {node for node in left if not left[node]}
    users = {}
    for node, needed in left.items():
        for parent in needed:
            users.setdefault(parent, set()).add(node)
    while free:
        order += list(free)
        touched = {child for node in free for child in users.get(node, ())}
        for child in touched:
            left[child] -= free
        free = {child for child in touched if not left[child]}
    if len(order) < len({*parents, *users}):
        raise ValueError("cycle")
    return order


ANSWERS = [
    topological_order_kahn,
    topological_order_own_stack,
    topological_order_by_level,
]
